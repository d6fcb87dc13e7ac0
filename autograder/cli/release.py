"""`autograder release`: the students' version of units."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograder.cli.options import Units
from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = ("autograder release", "autograder release self-attention")


def release(units: Units = None) -> None:
    """Make the students' version of units from solutions/.

    It goes to assignments/, through nbgrader, which strips the solutions.
    """
    from autograder.authoring import release as releasing
    from autograder.course import coursefile

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    chosen = coursefile.choose(loaded, units or [])
    with stdout.status("nbgrader makes the students' version …"):
        folders = releasing.release(loaded, chosen)
    for folder in folders:
        stdout.print(f"[green]✓[/green] {relative(folder)}")

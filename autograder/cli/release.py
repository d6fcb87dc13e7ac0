"""`autograder release`: the students' version of units."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograder.cli.options import Units
from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = ("autograder release", "autograder release self-attention")


def release(units: Units = None) -> None:
    """Make the students' version of units from solutions/.

    It goes to assignments/, through nbgrader, which strips the solutions. Where work is graded already, it says
    what a question that is new or gone will do to the gradebook; where course.toml does not say how students install
    the kit (`install`), it says that students are not told; and where the visible checks have no room for all, what is left out.
    """
    from rich.markup import escape

    from autograder.authoring import release as releasing
    from autograder.course import coursefile
    from autograder.gradebook.database import FILE_NAME
    from autograder.grading import notices

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    chosen = coursefile.choose(loaded, units or [])
    left_out: list[str] = []
    with stdout.status("nbgrader makes the students' version …"):
        folders = releasing.release(loaded, chosen, left_out.append)
    for folder in folders:
        stdout.print(f"[green]✓[/green] {relative(folder)}")
    for line in (*left_out, *releasing.untold(loaded, chosen)):
        stdout.print(f"[yellow]·[/yellow] {escape(line)}", soft_wrap=True)
    for unit in chosen:
        changes = notices.changes(loaded.root / FILE_NAME, loaded, unit)
        if changes:
            stdout.print(f"work is graded already; the next `autograder grade {unit.name}` will do this:")
        for line in changes:
            stdout.print(f"  {line}", markup=False, soft_wrap=True)

"""`autograder new`: a unit to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = ("autograder new layer-norm", "autograder new causal-mask")


def new(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Its name: small letters, digits and single hyphens.")
    ],
) -> None:
    """Start a unit of your own from a small one that works.

    Makes solutions/UNIT/ with lesson, reference, inputs, misconceptions, hidden checks and examples of student code
    for one function, and lists the unit in course.toml. It passes `verify` as it stands; then put your own
    function in the place of the example.
    """
    from autograder.authoring import scaffold
    from autograder.course import coursefile

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    made = scaffold.scaffold(loaded, unit)
    for path in made:
        stdout.print(f"[green]✓[/green] {relative(path)}", soft_wrap=True)
    stdout.print(
        f"[green]✓[/green] {relative(loaded.root / coursefile.FILE_NAME)} lists the unit", soft_wrap=True
    )
    function = scaffold.function_name(unit)
    stdout.print(
        f"\nIt passes `verify` already, with {function} as an example. What to do next:", soft_wrap=True
    )
    for what, where in (
        ("write your own in its place", relative(made[0].parent)),
        ("prove its graders", f"autograder verify {unit}"),
        ("make the students' version", f"autograder release {unit}"),
    ):
        stdout.print(f"  {what:<28} [bold]{where}[/bold]", soft_wrap=True)

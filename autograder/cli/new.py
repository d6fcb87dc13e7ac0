"""`autograder new`: a unit to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = (
    "autograder new batch-norm",
    "autograder new causal-mask mask masked_softmax",
    "autograder new bank Account",
    "autograder new batch-norm --from lesson.ipynb",
)


def new(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Its name: small letters, digits and single hyphens.")
    ],
    functions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FUNCTION ...]",
            help="The functions that students write, and classes, with a capital; one function called like the unit if none is named.",
        ),
    ] = None,
    notebook: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="NOTEBOOK", help="A lesson of your own, its solutions marked for nbgrader."
        ),
    ] = None,
) -> None:
    """Start a unit of your own: a lesson that works.

    Makes solutions/UNIT/ with a lesson in which each function and class has an example to be replaced, or the lesson of a
    notebook, and lists the unit in course.toml. It passes `verify` as it stands: steps, inputs and checks come of the
    solutions and of the sizes beside their arguments. What is done with a class stands beside the lesson, in inputs.py.
    """
    from autograder.authoring import scaffold
    from autograder.course import coursefile

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    made, names = scaffold.scaffold(loaded, unit, functions or (), notebook)
    for path in made:
        stdout.print(f"[green]✓[/green] {relative(path)}", soft_wrap=True)
    stdout.print(
        f"[green]✓[/green] {relative(loaded.root / coursefile.FILE_NAME)} lists the unit", soft_wrap=True
    )
    said = (
        f"It has the solutions of {', '.join(names)}."
        if notebook is not None
        else f"It passes `verify` already, with an example in the place of {', '.join(names)}."
    )
    stdout.print(f"\n{said} What to do next:", soft_wrap=True, markup=False)
    first = "look it through" if notebook is not None else "write your own in its place"
    for what, where in (
        (first, relative(made[0])),
        ("prove its graders", f"autograder verify {unit}"),
        ("make the students' version", f"autograder release {unit}"),
    ):
        stdout.print(f"  {what:<28} [bold]{where}[/bold]", soft_wrap=True)

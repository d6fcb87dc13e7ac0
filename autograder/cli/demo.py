"""`autograder demo`: a whole course with a class of invented students."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli import classwork
from autograder.cli.options import Jobs
from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = ("autograder demo", "autograder demo /tmp/demo")


def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", help="A new folder for it, or an earlier demo.", show_default=True),
    ] = Path("demo"),
    jobs: Jobs = None,
) -> None:
    """Run a whole course with a class of invented students.

    Right, wrong, broken and hostile work is handed in and graded in DIR, with feedback pages, gradebook and class
    pages. Your own course is not touched.
    """
    from autograder.authoring import demo as demonstration
    from autograder.course import coursefile
    from autograder.grading import planning

    here = coursefile.load(coursefile.find(Path.cwd()))
    coursefile.choose(here, [])  # which says what to do where it has no units
    with stdout.status("A class of invented students hands in …"):
        made = demonstration.make(here, folder)
    stdout.print(demonstration.who(made))
    jobs = classwork.jobs(jobs, made)
    failed = False
    for unit in made.units:
        stdout.print()
        stdout.rule(unit.title, align="left")
        order = planning.Order(
            made,
            unit,
            made.root / "submitted",
            made.root,
            jobs=jobs,
            trust_students=True,  # we are the students
        )
        failed |= classwork.grade(order)
    stdout.print()
    stdout.rule("Where to look", align="left")
    for line in demonstration.places(made):
        stdout.print(f"{line.what}\n    [bold]{relative(line.where)}[/bold]", soft_wrap=True)
    if failed:
        raise typer.Exit(1)

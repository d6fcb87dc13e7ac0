"""`autograder grade`: a class is graded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli import classwork
from autograder.cli.options import Jobs
from autograder.errors import CourseError

EXAMPLES: Final = ("autograder grade self-attention", "autograder grade embeddings --student ada bob --force")


def grade(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit to grade, as course.toml names it.")],
    submitted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds STUDENT/UNIT/UNIT.ipynb.", show_default="submitted"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where results/, feedback/, report/, autograded/ and gradebook.db go.",
            show_default="the course folder",
        ),
    ] = None,
    jobs: Jobs = None,
    student: Annotated[
        list[str] | None, typer.Option(metavar="ID ...", help="These students alone.", show_default="all")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade unchanged work again too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Grade, write nothing, and list the marks that would change.")
    ] = False,
    trust_students: Annotated[
        bool,
        typer.Option("--trust-students", help="Grade even where student code cannot be locked in."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on and grade what is handed in as it arrives; Ctrl-C ends it.")
    ] = False,
) -> None:
    """Grade a class: results, a page for everyone, the gradebook.

    Can be stopped at any point and run again: finished work is kept, and unchanged work is not graded twice.
    """
    from autograder.grading import planning

    order = planning.open_order(
        Path.cwd(),
        unit,
        submitted,
        out,
        students=tuple(student or ()),
        jobs=jobs or 1,
        force=force,
        dry_run=dry_run,
        trust_students=trust_students,
    )
    if watch and dry_run:
        raise CourseError("--watch and --dry-run do not go together: leave one of them out")
    order = replace(order, jobs=classwork.jobs(jobs, order.course))
    if classwork.grade(order, watch=watch):
        raise typer.Exit(1)

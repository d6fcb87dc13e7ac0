"""`autograder update`: newer lessons and a newer kit in a course of one's own."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.options import DryRun
from autograder.cli.terminal import stdout, waiting_for_a_change

EXAMPLES: Final = (
    "autograder update --dry-run",
    "autograder update --from ~/Downloads/course-1.1.zip",
    "autograder update --add layers",
)
_SAID: Final = {
    "new": ("[green]✓[/green]", "as it is new"),
    "gone": ("[green]✓[/green]", "gone, as in the new lessons"),
    "merged": ("[green]✓[/green]", "merged with your changes"),
    "met": (
        "[red]✗[/red]",
        "your changes and the new ones meet: yours stays, and both are in {left}, to be settled",
    ),
    "kept": ("·", "stays as you have it: it is gone on one side and changed on the other"),
}


def update(
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="GIT|ZIP|DIR",
            help="The newer lessons: a git address, a .zip or .tar.gz, or a folder.",
            show_default="where they were taken from",
        ),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UNIT",
            help="A unit of the newer lessons that the course does not have yet; may be given several times.",
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Bring newer lessons into your course.

    They are those of the course that `init` took, or of another state of it; and nbgrader_config.py and .gitignore are
    brought in line with a newer kit. What you did not change is replaced, what both sides changed is merged, and where changes meet your file stays and
    both stand in a file beside it that ends in .new. course.toml, own units, the secret, marks and students' work are
    not touched. A changed check makes results out of date: see `grade --dry-run` before you grade again.
    """
    from rich.markup import escape

    from autograder.authoring import origin, renewal, taken
    from autograder.course import coursefile
    from autograder.errors import CourseError
    from autograder.gradebook import turns

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    source = source or taken.source(loaded.root)
    if add and not source:
        raise CourseError(f"--add {add[0]}: from where? Name the lessons with --from")
    with nullcontext() if dry_run else turns.changing(loaded.root, waiting_for_a_change):
        with stdout.status("The lessons are looked through …"):
            planned = renewal.plan(loaded, origin.take(source) if source else None, add or ())
        if not dry_run:
            renewal.apply(loaded, planned)
    for change in planned.changes:
        sign, said = _SAID[change.how]
        stdout.print(
            f"{sign} {escape(change.path)}: {said.format(left=escape(change.path + renewal.LEFT))}",
            soft_wrap=True,
        )
    for line in planned.listed:
        stdout.print(f"· {escape(line)}", soft_wrap=True)
    for name in planned.offered:
        stdout.print(
            f"· a new unit, {escape(name)}: `autograder update --add {escape(name)}` adds it", soft_wrap=True
        )
    if not planned.changes:
        stdout.print(
            "nothing is new" + (f" in {escape(source)}" if source else " in the kit's own files"),
            soft_wrap=True,
        )
    if dry_run:
        stdout.print("nothing was written (--dry-run)")
    elif planned.changes:
        stdout.print(
            "\nWhat to do next: [bold]autograder verify[/bold], then [bold]autograder release[/bold]",
            soft_wrap=True,
        )
    if any(change.how == "met" for change in planned.changes):
        raise typer.Exit(1)

"""`autograder init`: a course of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = (
    "autograder init attention-2027",
    "autograder init attention-2027 --from https://example.org/course.git",
    "autograder init attention-2027 --from ~/Downloads/course-1.0.zip",
)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A new or empty folder; a roster.csv may lie in it.")
    ] = Path(),
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="GIT|ZIP|DIR",
            help="A course whose lessons are taken: a git address, a .zip or .tar.gz, or a folder.",
            show_default="none, the course begins without units",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="What the course is called.",
            show_default="that of the lessons, or the folder's name",
        ),
    ] = None,
) -> None:
    """Start a course of your own in a new folder.

    Makes course.toml, nbgrader_config.py, .gitignore, a README for colleagues and a git repository. With --from, the
    units of another course come along, with what its course.toml says of them but for dates; its secret, its marks and
    its students stay where they are. References and checks of lessons run with your rights: take those of people you
    trust.
    """
    from rich.markup import escape

    from autograder.authoring import foundation, origin
    from autograder.course import coursefile

    with stdout.status("The lessons are looked through …" if source else "…"):
        lessons = None if source is None else origin.take(source)
        made = foundation.found(folder, title, lessons)
    stdout.print(f"[green]✓[/green] {relative(made.root / coursefile.FILE_NAME)}", soft_wrap=True)
    if lessons is not None:
        stdout.print(
            f"[green]✓[/green] from {escape(lessons.source)} ({escape(lessons.version)}): {', '.join(made.units)}",
            soft_wrap=True,
        )
    if lessons is not None and lessons.adopted:
        stdout.print(
            f"· left out are assignments of nbgrader's ({', '.join(lessons.adopted)}): copy their notebooks, and adopt them with "
            "`autograder adopt`",
            soft_wrap=True,
        )
    if made.dates:
        stdout.print(f"· due dates are yours to set: {', '.join(made.dates)} had one", soft_wrap=True)
    if not made.git:
        stdout.print("· no git repository was made, as git is not here or cannot", soft_wrap=True)
    inside = "" if made.root == Path.cwd() else f"cd {escape(shlex.quote(str(folder)))}; "
    first = "autograder release" if made.units else "autograder new UNIT"
    stdout.print(f"\nWhat to do next: [bold]{inside}{first}[/bold]", soft_wrap=True)

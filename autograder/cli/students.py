"""`autograder student …`: one student is renamed, leaves, or gets or loses all that is kept of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias, TypeVar

import typer

from autograder.cli.help import Command, examples
from autograder.cli.options import DryRun, Out
from autograder.cli.terminal import (
    plain,
    relative,
    stderr,
    stdout,
    stopping,
    waiting_for_a_change,
    waiting_for_a_run,
)
from autograder.errors import CourseError
from autograder.naming import as_text

if TYPE_CHECKING:
    from autograder.grading.belongings import Belongings
    from autograder.records import Course

_RENAME: Final = (
    "autograder student rename ada ada.lovelace --dry-run",
    "autograder student rename ada ada.lovelace",
)
_REMOVE: Final = ("autograder student remove ada",)
_EXPORT: Final = ("autograder student export ada --out ada.zip",)
_DELETE: Final = ("autograder student delete ada --dry-run", "autograder student delete ada --yes")

_Id: TypeAlias = Annotated[
    str, typer.Argument(metavar="STUDENT", help="By the id on the roster or the folder's name.")
]

_Done = TypeVar("_Done")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Rename, remove, export or delete one student.",
)


def rename(
    student: _Id,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new id.")],
    out: Out = None,
    dry_run: DryRun = False,
) -> None:
    """Give a student another id, in every place.

    Work, results, pages, gradebook and its copies, excuses and the roster follow; nothing is graded again for it.
    """
    from autograder.grading import leaving

    course, folder, found = _find(student, out)
    leaving.refuse_other_name(course, folder, found, new)
    if dry_run:
        _list(course, found, "own", "book", "entry", to=f"would be {as_text(new)}'s")
        return
    _alone(student, out, lambda found: leaving.rename(course, folder, found, new))
    stdout.print("[green]✓[/green] ", end="")
    stdout.print(plain(f"{found.student} is {as_text(new)} now"), markup=False, soft_wrap=True)
    stdout.print(
        "pages and tables of the class follow with the next `autograder grade` and `export`", soft_wrap=True
    )


def remove(student: _Id, out: Out = None, dry_run: DryRun = False) -> None:
    """Take a student out who has left the course.

    Work, results and pages go to removed/STUDENT/, with all else as JSON; the gradebook and the roster forget the
    student. The gradebook is copied before.
    """
    from autograder.grading import leaving

    course, folder, found = _find(student, out)
    _say_groups(course, folder, found)
    if dry_run:
        _list(course, found, "own", "book", "entry", to="would leave the course")
        return
    kept = _alone(student, out, lambda found: leaving.remove(course, folder, found))
    stdout.print(
        f"[green]✓[/green] {plain(found.student)} is out of the course; what there was is in {relative(kept)}",
        soft_wrap=True,
    )
    stdout.print(
        "pages and tables of the class follow with the next `autograder grade` and `export`", soft_wrap=True
    )


def export(
    student: _Id,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="ZIP", help="The file to make.", show_default="STUDENT.zip"),
    ] = None,
    graded: Annotated[
        Path | None,
        typer.Option(
            "--graded",
            metavar="DIR",
            help="Where `grade --out` put its results.",
            show_default="the course folder",
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Pack all that is kept of one student into a zip.

    Files are in it as they are and the rest as JSON, and nothing of other students.
    """
    from autograder.grading import leaving

    course, folder, found = _find(student, graded)
    if dry_run:
        _list(course, found, "own", "book", "entry", "rows", to="would be in it")
        return
    to = out if out is not None else Path(f"{found.student.replace('/', '_')}.zip")
    leaving.export(course, folder, found, to)
    stdout.print(
        f"[green]✓[/green] {relative(to)}: all that is kept of {plain(found.student)}", soft_wrap=True
    )
    _say_elsewhere("not in it")


def delete(
    student: _Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    out: Out = None,
    dry_run: DryRun = False,
) -> None:
    """Delete all that is kept of one student, in every place.

    Copies of the gradebook lose the student too. Pages and archives of the class that may name the student go as a
    whole, and are made again by the commands that are named. It cannot be undone: `student export` first.
    """
    from autograder.grading import leaving

    course, folder, found = _find(student, out)
    _say_groups(course, folder, found)
    every = ("own", "book", "entry", "rows", "shared")
    _list(course, found, *every, to="would be deleted" if dry_run else "will be deleted", note=dry_run)
    if dry_run:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise CourseError(
                f"this cannot be undone: say --yes to delete all that is kept of {found.student!r}"
            )
        typer.confirm(f"Delete all of it? It cannot be undone. {plain(found.student)}", abort=True)
    _alone(student, out, lambda found: leaving.delete(course, folder, found))
    stdout.print(
        f"[green]✓[/green] nothing is kept of {plain(found.student)} in this course any more", soft_wrap=True
    )
    _say_elsewhere("not looked into")


for _run, _lines in ((rename, _RENAME), (remove, _REMOVE), (export, _EXPORT), (delete, _DELETE)):
    app.command(cls=Command, epilog=examples(*_lines))(_run)


def _find(student: str, out: Path | None) -> tuple[Course, Path, Belongings]:
    """The course, the folder with what grading has left, and all places of a student; CourseError for nobody known."""
    from autograder.course import coursefile
    from autograder.gradebook import known
    from autograder.grading import belongings, leaving

    course = coursefile.load(coursefile.find(Path.cwd()))
    folder = out if out is not None else course.root
    found = belongings.of(course, folder, as_text(student))
    is_known = any(place.kind != "shared" for place in found.places)  # which may name anybody
    if not is_known and not leaving.is_under_way(course, as_text(student)):
        (meant,) = known.meant(course, folder, [student])
        found = belongings.of(course, folder, meant)
    return course, folder, found


def _alone(student: str, out: Path | None, do: Callable[[Belongings], _Done]) -> _Done:
    """Does it to what is found once nobody else writes: a run that was waited for has made copies and pages, and taken some away."""
    from autograder.gradebook import turns
    from autograder.grading import batch

    course, folder, _ = _find(student, out)

    with (
        stopping("run the same command again to finish it"),
        batch.alone(folder, waiting_for_a_run, by="command"),
        turns.changing(course.root, waiting_for_a_change),
    ):
        _, _, found = _find(student, out)
        return do(found)


def _list(course: Course, found: Belongings, *kinds: str, to: str, note: bool = True) -> None:
    from rich.markup import escape

    stdout.print(f"{escape(plain(found.student))}: {to}:", soft_wrap=True)
    for place in found.places:
        if place.kind in kinds:
            stdout.print(f"  {relative(place.path)}  {escape(place.holds)}", soft_wrap=True)
    _say_elsewhere("not looked into")
    if note:
        stdout.print("nothing was written (--dry-run)")


def _say_groups(course: Course, folder: Path, found: Belongings) -> None:
    from rich.markup import escape

    from autograder.grading import belongings

    for line in belongings.of_groups(course, folder, found.student):
        stderr.print(f"[yellow]note[/yellow]: {escape(plain(line))}", soft_wrap=True)


def _say_elsewhere(said: str) -> None:
    from autograder.grading import belongings

    stdout.print(f"{said}: {belongings.ELSEWHERE}", soft_wrap=True)

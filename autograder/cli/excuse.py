"""`autograder excuse`: a student need not do a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.options import DryRun, Out, Students
from autograder.cli.terminal import names, relative, stdout
from autograder.errors import CourseError
from autograder.words import agree

EXAMPLES: Final = (
    'autograder excuse self-attention ada --because "ill, with a certificate"',
    "autograder excuse self-attention ada bob --dry-run",
    "autograder excuse self-attention ada --take-back",
)


def excuse(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    students: Students,
    because: Annotated[
        str,
        typer.Option("--because", metavar="TEXT", help="Why, for your own records; students never see it."),
    ] = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="They are excused no more.")] = False,
    out: Out = None,
    dry_run: DryRun = False,
) -> None:
    """Excuse students from a unit.

    Work that is excused is no zero and is not missing: exports leave it empty, and totals leave the unit out. It is
    kept in excused.toml in the course folder; no mark is lost, and what is handed in all the same is graded.
    """
    from autograder.course import coursefile
    from autograder.gradebook import arrangements, known

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    (chosen,) = coursefile.choose(loaded, [unit])
    folder = out if out is not None else loaded.root
    place = relative(loaded.root / arrangements.FILE_NAME)
    excused = arrangements.read(loaded.root, folder, chosen)
    if take_back and because:
        raise CourseError("--take-back takes no reason: leave --because out")
    # An excuse of one who has left the course can be taken back all the same.
    meant = tuple(one for one in students if take_back and one in excused.excused)
    meant += known.meant(loaded, folder, [one for one in students if one not in meant])
    are = agree(len(meant), "is", "are")
    if take_back:
        arrangements.take_back(loaded.root, chosen.name, meant, dry_run=dry_run)
        said = f"{names(meant, len(meant))} {are} not excused from {chosen.name} any more"
    else:
        arrangements.excuse(loaded.root, chosen.name, meant, because, dry_run=dry_run)
        said = f"{names(meant, len(meant))} {are} excused from {chosen.name}"
    if dry_run:
        stdout.print(f"{place}: {said}", soft_wrap=True)
        stdout.print("nothing was written (--dry-run)")
        return
    stdout.print(f"[green]✓[/green] {place}: {said}", soft_wrap=True)
    stdout.print(
        f"exports follow at once, pages with the next: autograder grade {chosen.name}", soft_wrap=True
    )

"""`autograder restore`: a copy of the gradebook is put back."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.terminal import relative, stdout, waiting_for_a_run

if TYPE_CHECKING:
    from autograder.gradebook.copies import Copy

EXAMPLES: Final = (
    "autograder restore --dry-run",
    "autograder restore",
    "autograder restore gradebook-2026-03-01T120000.000000Z.db",
)


def restore(
    copy: Annotated[
        str | None,
        typer.Argument(
            metavar="[COPY]",
            help="Its name in gradebook-backups/; the newest in which a person gave anything where none is named.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds gradebook-backups/.", show_default="the course folder"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the copies, say what would happen, and write nothing.")
    ] = False,
) -> None:
    """Put a copy of the gradebook back, and the marks in it.

    The gradebook that it takes the place of is kept among the copies. What was graded since is entered again by
    `grade`, from the results.
    """
    from autograder.course import coursefile
    from autograder.gradebook import backups, results, settings
    from autograder.gradebook.handwork import said
    from autograder.grading import batch

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    folder = out if out is not None else loaded.root
    if dry_run:
        _list(folder, backups.chosen(folder, copy), settings.zone(loaded))
        return
    with batch.alone(folder, waiting_for_a_run, by="command"):
        chosen = backups.chosen(folder, copy)  # of what is there once the run has ended
        restored = backups.restore(folder, chosen)
    stdout.print(
        f"[green]✓[/green] {relative(folder / 'gradebook.db')} is {chosen.path.name} again, with {said(chosen.given)} "
        "given by hand",
        soft_wrap=True,
    )
    if restored.replaced is not None:
        lacking = f"; it holds {said(restored.lacking)} that this copy lacks" if restored.lacking else ""
        stdout.print(f"what it was before is kept as {relative(restored.replaced)}{lacking}", soft_wrap=True)
    for unit in loaded.units:
        if results.students(folder, unit.name):
            stdout.print(f"what was graded since is entered by: autograder grade {unit.name}", soft_wrap=True)


def _list(folder: Path, chosen: Copy, zone: tzinfo) -> None:
    from autograder import times
    from autograder.gradebook import backups, copies, handwork

    for path in copies.every(folder / "gradebook.db"):
        given = handwork.read(path)
        holds = "cannot be read" if given is None else f"{handwork.said(given)} given by hand"
        stdout.print(f"{path.name}  {times.said(copies.made(path), zone)}  {holds}", soft_wrap=True)
    lacking = backups.foreseen(folder, chosen)
    but = f"; the gradebook as it is now has {handwork.said(lacking)} that this copy lacks" if lacking else ""
    stdout.print(f"would be put back: {chosen.path.name}{but}", soft_wrap=True)
    stdout.print("nothing was written (--dry-run)")

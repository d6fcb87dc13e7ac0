"""`autograder return`: feedback pages and marks for one upload to an LMS."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import plain, relative, stdout
from autograder.words import counted

EXAMPLES: Final = (
    "autograder return self-attention --to moodle",
    'autograder return self-attention --to canvas --column "Attention (4711)"',
    "autograder return self-attention --to folder --out feedback-for-mail",
)
_MOST_FILES: Final = 6  # that are listed


class _Target(enum.Enum):
    MOODLE = "moodle"
    CANVAS = "canvas"
    FOLDER = "folder"


def give_back(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    target: Annotated[
        _Target, typer.Option("--to", metavar="SYSTEM", help="Who takes it: moodle, canvas or folder.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the files go. One that `grade --out` filled is what they are made from, and gets them in its exports/.",
            show_default="exports",
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What Canvas calls the unit, as in its own export of grades."),
    ] = None,
) -> None:
    """Pack everyone's feedback page and mark for one upload.

    For Moodle, the zip for Upload multiple feedback files in a zip and the grading worksheet with marks and comments;
    for Canvas, the zip for Re-Upload Submissions and the file that its gradebook imports; else a folder for each student
    and all marks in a table. Moodle and Canvas know students by the names in their own download: import that first.
    """
    from autograder.course import coursefile
    from autograder.gradebook.database import FILE_NAME
    from autograder.lms import returning

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    (chosen,) = coursefile.choose(loaded, [unit])
    filled = out if out is not None and (out / FILE_NAME).exists() else None
    done = returning.give_back(
        loaded,
        chosen,
        filled or loaded.root,
        target.value,
        to=None if filled else out,
        columns={chosen.name: column} if column else None,
    )
    stdout.print(f"{counted(done.pages, 'page')} packed", soft_wrap=True)
    shown = done.files if len(done.files) <= _MOST_FILES else done.files[-1:]
    for place in shown:
        stdout.print(f"[green]✓[/green] {relative(place)}", soft_wrap=True)
    if len(shown) < len(done.files):
        stdout.print(
            f"[green]✓[/green] and {counted(len(done.files) - len(shown), 'more file')} beside it",
            soft_wrap=True,
        )
    for note in done.notes:
        stdout.print(plain(note), markup=False, soft_wrap=True)

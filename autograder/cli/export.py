"""`autograder export`: grades for other systems."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import plain, relative, stdout
from autograder.errors import CourseError
from autograder.words import counted

EXAMPLES: Final = (
    "autograder export csv",
    "autograder export canvas --unit self-attention --absent zero",
    "autograder export moodle --questions",
)
_MOST_FILES: Final = 6  # that are listed


class _Format(enum.Enum):
    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


class _Absent(enum.Enum):
    BLANK = "blank"
    ZERO = "zero"


def export(
    format: Annotated[_Format, typer.Argument(metavar="FORMAT", help="csv, canvas, moodle or gradescope.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT", help="These units alone.", show_default="all that are graded"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds gradebook.db.", show_default="the course folder"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="exports")
    ] = None,
    absent: Annotated[
        _Absent, typer.Option(help="The mark of students who handed in nothing: blank or zero.")
    ] = _Absent.BLANK,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT=NAME", help="What the other system calls a unit, as in its own export."),
    ] = None,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions",
            help="A column for each question too, in Canvas's and Moodle's files; CSV has them always.",
        ),
    ] = False,
) -> None:
    """Write the grades for Canvas, Moodle, Gradescope or as CSV.

    They are read from the gradebook: hand-given marks, overrides and late penalties are included.
    """
    from autograder.course import coursefile
    from autograder.lms import export as exporting

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    coursefile.choose(loaded, unit or [])
    names = dict(pair.partition("=")[::2] for pair in column or [])
    for called, name in names.items():
        if not name:
            raise CourseError(
                f"--column {called}: expected UNIT=NAME, as in --column 'embeddings=Embeddings (4711)'"
            )
    coursefile.choose(loaded, list(names))
    done = exporting.export(
        loaded,
        out if out is not None else loaded.root,
        format.value,
        units=unit or (),
        to=to,
        absent=absent.value,
        columns=names,
        questions=questions,
    )
    for place in done.files[:_MOST_FILES]:
        stdout.print(f"[green]✓[/green] {relative(place)}", soft_wrap=True)
    if len(done.files) > _MOST_FILES:
        stdout.print(
            f"[green]✓[/green] and {counted(len(done.files) - _MOST_FILES, 'more file')} beside them"
        )
    for note in done.notes:
        stdout.print(plain(note), markup=False, soft_wrap=True)

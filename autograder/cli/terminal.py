"""What the commands print with: the two streams, the bar, and how names, marks and paths are written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console

from autograder import interrupts
from autograder.naming import as_text
from autograder.words import in_short

if TYPE_CHECKING:
    from rich.progress import Progress

    from autograder.grading.batch import Holder

stdout: Final = Console(highlight=False)
stderr: Final = Console(stderr=True, highlight=False)

LEVELS: Final = {  # of isolation, in words
    "full": "[green]full[/green]: student code sees no file but Python itself, no network, no other process",
    "reduced": "[yellow]reduced[/yellow]: student code can see names and sizes of files, and read none; "
    "`autograder doctor` says how to raise it",
    "none": "[red]none[/red]: student code runs with limits on time and memory alone",
}

_WAITING: Final[dict[Holder, str]] = {
    "run": "a run is grading in this folder: waiting for it to end …",
    "watch": "a watch is keeping in this folder what it has graded: waiting until it has …",
    "command": "another command is changing something in this folder: waiting for it to end …",
}


def progress(doing: str, *, hidden: bool = False) -> Progress:
    """A bar with counts and the time that is left, which goes when the work is done.

    `{task.description}` in what it says is what the task says it is at.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("·"), TimeRemainingColumn())
    return Progress(*columns, console=stdout, transient=True, disable=hidden)


@contextlib.contextmanager
def stopping(message: str) -> Iterator[None]:
    """Ctrl-C, or the end of a service, ends the command with a line instead of a traceback, where nothing is half done."""
    try:
        with interrupts.held_back():
            yield
    except KeyboardInterrupt:
        stderr.print(f"[yellow]stopped[/yellow]: {message}")
        raise typer.Exit(130) from None


def waiting_for_a_run(holder: Holder) -> None:
    """Says why nothing happens yet: somebody else has the folder."""
    stderr.print(_WAITING[holder], soft_wrap=True)


def waiting_for_a_change() -> None:
    """Says why nothing happens yet: another command changes what the course keeps."""
    stderr.print("another command is at work on this course: waiting for it to end …")


# -------------------------------------------------------------------------------------------------- small words


def sign(holds: bool) -> str:
    """A tick or a cross."""
    return "[green]✓[/green]" if holds else "[red]✗[/red]"


def mark(score: float | None) -> str:
    """A score as people write it."""
    return "not graded" if score is None else in_short(score)


def plain(text: str) -> str:
    """One line without control characters: a student's text must not move the cursor."""
    return "".join(character if character.isprintable() else "�" for character in text)


def names(students: Sequence[str], most: int = 10) -> str:
    """The first of these students by name, and how many more there are."""
    from rich.markup import escape

    more = f" and {len(students) - most} more" if len(students) > most else ""
    return ", ".join(escape(plain(name)) for name in students[:most]) + more


def relative(path: Path) -> str:
    """A path as seen from here, where it lies below."""
    from rich.markup import escape

    try:
        return escape(plain(as_text(str(path.resolve().relative_to(Path.cwd())))))
    except ValueError:
        return escape(plain(as_text(str(path))))

"""What an instructor should know before a class is graded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.course.roster import Match
from autograder.gradebook.receipts import trouble
from autograder.gradebook.safe_text import plain
from autograder.naming import as_text
from autograder.notebook.places import HandedIn
from autograder.records import Unit
from autograder.words import agree, counted, few


def elsewhere(submitted: Path, handed_in: Iterable[HandedIn], unit: Unit) -> tuple[str, ...]:
    """Says so where work was taken from another place than it belongs in."""
    taken = []
    for one in handed_in:
        place = one.folder if one.file is None else one.file
        if one.file is not None or place != submitted / one.student / unit.name:
            taken.append(_said(str(place.relative_to(submitted))))
    if not taken:
        return ()
    count, was = counted(len(taken), "submission"), agree(len(taken), "was", "were")
    return (f"{count} {was} taken from beside STUDENT/{unit.name}/: {few(taken)}",)


def strangers(file: Path, match: Match) -> tuple[str, ...]:
    """Says so where work is of nobody on the roster."""
    names = [f"{_said(name)}{match.maybe(name)}" for name in match.strangers]
    if not names:
        return ()
    students = counted(len(names), "student")
    return (f"{students} with work not in {file.name}, graded, and left out of exports: {few(names)}",)


def off_roster(match: Match) -> dict[str, str]:
    """By student with a result whom the roster does not have, what to look at."""
    return {
        name: f"Not on the roster{match.maybe(name)}: graded, and left out of the numbers here and of exports."
        for name in match.strangers
    }


def unread_receipts(handed_in: Iterable[HandedIn]) -> dict[str, str]:
    """By student, why it is not known when the work was handed in."""
    found = ((one.student, trouble(one.folder)) for one in handed_in)
    return {student: why for student, why in found if why}


def receipts(handed_in: Iterable[HandedIn]) -> tuple[str, ...]:
    """Says so where it is not known when work was handed in."""
    lines = [f"{_said(student)}: {why}" for student, why in unread_receipts(handed_in).items()]
    if not lines:
        return ()
    count, work = counted(len(lines), "receipt"), agree(len(lines), "its work counts", "their work counts")
    return (f"{count} (timestamp.txt) cannot be read, {work} as on time: {few(lines)}",)


def _said(name: str) -> str:
    """A name as a line of text: it may hold line breaks."""
    return plain(as_text(name))

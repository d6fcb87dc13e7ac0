"""What an instructor should know before a class is graded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import CourseError
from autograder.gradebook import copies, migration, released
from autograder.gradebook.database import stored
from autograder.gradebook.receipts import trouble
from autograder.gradebook.safe_text import plain
from autograder.notebook.collect import HandedIn
from autograder.pages import stamps
from autograder.records import Unit
from autograder.words import agree, counted, few


def gradebook(place: Path) -> tuple[str, ...]:
    """Says so where the gradebook is gone while there are copies of it."""
    lost = copies.gone(place)
    if not lost and not place.exists() and copies.every(place):
        lost = (
            f"{place} is not there and is made again from the results; in none of the copies in {copies.FOLDER}/ "
            "beside it had a person given anything"
        )
    return (lost,) if lost else ()


def changes(place: Path, notebook: Path, unit: Unit) -> tuple[str, ...]:
    """Says what a change to the lesson since does to the gradebook at `place`; `notebook` is the released one."""
    try:
        change = migration.foreseen(place, released.read(notebook), unit.name)
    except CourseError:  # which is told where the gradebook is written
        return ()
    return () if change is None else change.lines


def outdated(out: Path, unit: Unit) -> tuple[str, ...]:
    """Says so where a person has given something since feedback pages were written."""
    older = [_said(student) for student in stamps.outdated(out, unit.name)]
    if not older:
        return ()
    pages, are = counted(len(older), "feedback page"), agree(len(older), "is", "are")
    return (f"{pages} {are} older than the marks that people gave, and {are} written again: {few(older)}",)


def loose(submitted: Path, unit: Unit, names: Sequence[str]) -> tuple[str, ...]:
    """Says so where work lies in no student's folder."""
    if not names:
        return ()
    lie, they = agree(len(names), "lies", "lie"), agree(len(names), "it is", "they are")
    return (
        f"{few([_said(name) for name in names])} {lie} in {submitted} itself and {agree(len(names), 'is', 'are')} not graded: "
        f"{they} looked for in STUDENT/{unit.name}/",
    )


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
    """A name as a line of text: it may hold line breaks, and need not be UTF-8."""
    return plain(stored(name))

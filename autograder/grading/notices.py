"""What an instructor should know before a class is graded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from autograder.course import roster
from autograder.course.roster import Match
from autograder.errors import CourseError
from autograder.gradebook import (
    arrangements,
    copies,
    known,
    migration,
    penalties,
    settings,
    terms,
)
from autograder.gradebook.receipts import doubt, trouble
from autograder.gradebook.safe_text import plain
from autograder.grading import releases
from autograder.naming import as_text
from autograder.notebook.places import HandedIn
from autograder.pages import stamps
from autograder.records import Course, Unit
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


def columns(place: Path | None) -> tuple[str, ...]:
    """Says so where the roster has columns that nothing is done with."""
    found = [plain(title) for title in roster.unread(place)] if place is not None else []
    if not found:
        return ()
    which = agree(len(found), "a column that is", "columns that are")
    return (f"{place}: {which} not read: {few(found)}",)


def changes(place: Path, course: Course, unit: Unit) -> tuple[str, ...]:
    """Says what a change to the lesson since does to the gradebook at `place`."""
    try:
        change = migration.foreseen(place, releases.read(course, unit), unit.name)
    except CourseError:  # which is told where the gradebook is written
        return ()
    return () if change is None else change.lines


def outdated(course: Course, out: Path, unit: Unit) -> tuple[str, ...]:
    """Says so where a person has given, said or arranged something since feedback pages were written."""
    older = [
        _said(student)
        for student in stamps.outdated(course.root, out, unit.name, terms.read(course, out, unit))
    ]
    if not older:
        return ()
    pages, are = counted(len(older), "feedback page"), agree(len(older), "is", "are")
    return (
        f"{pages} {are} older than what people gave, said and arranged, and {are} written again: {few(older)}",
    )


def late_policy(course: Course) -> tuple[str, ...]:
    """Says so where what course.toml says of late work does not count."""
    try:
        line = penalties.disregarded(course.root / settings.CONFIG, course.late)
    except CourseError:  # which is told where marks are entered
        line = ""
    return (line,) if line else ()


def excused(course: Course, out: Path) -> tuple[str, ...]:
    """Says so where somebody is excused whom nobody knows, or from what is no unit."""
    if not (course.root / arrangements.FILE_NAME).exists():
        return ()
    found = arrangements.mistaken(
        course.root, [unit.name for unit in course.units], known.students(course, out)
    )
    if not found:
        return ()
    return (
        f"{arrangements.FILE_NAME} names whom or what this course does not know: {few(list(map(plain, found)))}",
    )


def elsewhere(submitted: Path, handed_in: Iterable[HandedIn], unit: Unit) -> tuple[str, ...]:
    """Says so where work was taken from another place than it belongs in."""
    taken = []
    for one in handed_in:
        place = one.folder if one.file is None else one.file
        if one.file is not None or place != submitted / (one.by or one.student) / unit.name:
            taken.append(_said(str(place.relative_to(submitted))))
    if not taken:
        return ()
    count, was = counted(len(taken), "submission"), agree(len(taken), "was", "were")
    return (f"{count} {was} taken from beside STUDENT/{unit.name}/: {few(taken)}",)


def gone(submitted: Path, students: Sequence[str]) -> tuple[str, ...]:
    """Says so where the work of these students was graded and is not there any more."""
    if not students:
        return ()
    whose, stay = (
        counted(len(students), "student"),
        agree(len(students), "mark and page stay", "marks and pages stay"),
    )
    return (
        f"{whose} graded before whose work is not in {submitted.name}/ now, {stay} as they are: "
        f"{few([_said(one) for one in students])}",
    )


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


def unread_receipts(handed_in: Iterable[HandedIn], config: Path | None = None) -> dict[str, str]:
    """By student, why it is not known when the work was handed in; `config` is the course's `nbgrader_config.py`."""
    found = ((one.student, trouble(one.folder, config)) for one in handed_in)
    return {student: why for student, why in found if why}


def doubtful_receipts(
    handed_in: Iterable[HandedIn], due: datetime | None, config: Path | None = None
) -> dict[str, str]:
    """By student, why it is not certain whether the work is late."""
    found = ((one.student, doubt(one.folder, due, config)) for one in handed_in)
    return {student: why for student, why in found if why}


def receipts(
    handed_in: Sequence[HandedIn], due: datetime | None = None, config: Path | None = None
) -> tuple[str, ...]:
    """Says so where it is not known when work was handed in, and where it is not certain whether it is late."""
    unread = [f"{_said(student)}: {why}" for student, why in unread_receipts(handed_in, config).items()]
    doubts = [
        f"{_said(student)}: {why}" for student, why in doubtful_receipts(handed_in, due, config).items()
    ]
    lines = []
    if unread:
        count, work = (
            counted(len(unread), "receipt"),
            agree(len(unread), "its work counts", "their work counts"),
        )
        lines.append(f"{count} (timestamp.txt) cannot be read, {work} as on time: {few(unread)}")
    if doubts:
        lines.append(
            f"{counted(len(doubts), 'receipt')} (timestamp.txt) in a zone that is not certain: {few(doubts)}"
        )
    return tuple(lines)


def _said(name: str) -> str:
    """A name as a line of text: it may hold line breaks."""
    return plain(as_text(name))

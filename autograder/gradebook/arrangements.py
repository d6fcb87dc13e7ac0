"""What is arranged with single students: who is excused from a unit, and until when work is due for whom.

Excuses are kept in `excused.toml` beside `course.toml`, a text file to be versioned with the course:

    [self-attention]
    ada = "ill, with a certificate of 3 November"

Extensions are nbgrader's own, in the gradebook. Both are one student's alone, in a group too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.gradebook import duedates, looking, textfile
from autograder.gradebook.database import FILE_NAME as GRADEBOOK
from autograder.naming import as_name, as_text, readings
from autograder.records import Unit
from autograder.words import counted

FILE_NAME: Final = "excused.toml"
_EXAMPLE: Final = 'ada = "why, in a few words, or nothing"'
_HEAD: Final = "# Who is excused from a unit, and why: autograder excuse UNIT STUDENT\n"


@dataclass(frozen=True)
class Arrangement:
    """What holds for one student in one unit."""

    due: datetime | None = None  # when work is due for this student, with a zone; None: no date is set
    extension: timedelta | None = None  # which is in `due` already
    excused: bool = False
    because: str = ""  # why excused, as an instructor has put it; may be empty


@dataclass(frozen=True)
class Arrangements:
    """What holds for everyone in one unit."""

    unit: str
    due: datetime | None  # for whom nothing is arranged, with a zone
    of_students: Mapping[str, Arrangement] = field(default_factory=dict)  # by name as text

    def of(self, student: str) -> Arrangement:
        """What holds for a student, by a folder's name or its text, however it is spelt."""
        known = self.of_students.get(as_text(student)) or self.of_students.get(student)
        if known is None and self.of_students:
            alike = {name for reading in readings(student) for name in self._spellings.get(reading, ())}
            known = self.of_students[alike.pop()] if len(alike) == 1 else None
        return known or Arrangement(self.due)

    @cached_property
    def _spellings(self) -> Mapping[str, Sequence[str]]:
        """Who may be meant by a name, whichever way it is spelt."""
        found: dict[str, list[str]] = {}
        for name in self.of_students:
            for reading in readings(as_name(name)):
                found.setdefault(reading, []).append(name)
        return found

    @property
    def excused(self) -> tuple[str, ...]:
        """Who is excused, by name as text."""
        return tuple(name for name, one in self.of_students.items() if one.excused)


def read(root: Path, out: Path, unit: Unit) -> Arrangements:
    """What is arranged in a unit; `root` holds the course, and `out` the gradebook, which is looked at without nbgrader.

    CourseError where `excused.toml` is not as it should be. A gradebook that is not there or cannot be read has no
    extensions.
    """
    due, extensions = _of_gradebook(out / GRADEBOOK, unit)
    excuses = _excuses(root).get(unit.name, {})
    return Arrangements(
        unit.name,
        due,
        {
            name: Arrangement(
                None if due is None else due + extensions.get(name, timedelta()),
                extensions.get(name),
                name in excuses,
                excuses.get(name, ""),
            )
            for name in sorted({*extensions, *excuses})
        },
    )


def excuse(
    root: Path, unit: str, students: Sequence[str], because: str = "", *, dry_run: bool = False
) -> None:
    """Excuses students, given by name as text, from a unit; CourseError where the reason is too long."""
    why = textfile.plain(because)
    if len(why) > textfile.LONGEST:
        raise CourseError(
            f"the reason has {counted(len(why), 'character')}, and {textfile.LONGEST:,} are allowed: say it shorter"
        )
    with _excuses_to_try(root) if dry_run else _excuses_to_change(root) as excuses:
        excuses.setdefault(unit, {}).update(dict.fromkeys(students, why))


def take_back(root: Path, unit: str, students: Sequence[str], *, dry_run: bool = False) -> None:
    """Takes excuses back; CourseError where a student is not excused, and then nobody's is."""
    with _excuses_to_try(root) if dry_run else _excuses_to_change(root) as excuses:
        for student in students:
            if excuses.get(unit, {}).pop(student, None) is None:
                raise CourseError(f"{student} is not excused from {unit}: there is nothing to take back")


def mistaken(root: Path, units: Sequence[str], students: Sequence[str]) -> list[str]:
    """What in `excused.toml` is of no unit or no student, by names as text: whoever edits a file may misspell them."""
    known = {reading for name in students for reading in readings(as_name(name))}
    found = []
    for unit, texts in _excuses(root).items():
        if unit not in units:
            found.append(f"[{unit}]")
        else:
            found += [f"{name} in [{unit}]" for name in texts if not readings(as_name(name)) & known]
    return found


def every(root: Path, student: str) -> dict[str, str]:
    """By unit from which a student is excused, by name as text, why."""
    return {unit: texts[student] for unit, texts in _excuses(root).items() if student in texts}


def rename(root: Path, student: str, to: str | None) -> None:
    """Gives a student's excuses to another name, or takes them out for None."""
    with _excuses_to_change(root) as excuses:
        for texts in excuses.values():
            if student in texts:
                why = texts.pop(student)
                if to is not None:
                    texts[to] = why


def _excuses(root: Path) -> dict[str, dict[str, str]]:
    return textfile.read(root / FILE_NAME, _EXAMPLE)


def _excuses_to_change(root: Path) -> AbstractContextManager[dict[str, dict[str, str]]]:
    return textfile.changing(root / FILE_NAME, _EXAMPLE, _HEAD)


def _excuses_to_try(root: Path) -> AbstractContextManager[dict[str, dict[str, str]]]:
    return nullcontext(_excuses(root))


def _of_gradebook(gradebook: Path, unit: Unit) -> tuple[datetime | None, dict[str, timedelta]]:
    """When the unit is due, in the gradebook or without one, and the extensions by student."""
    due, rows = duedates.holding(unit, None, None), []
    with suppress(looking.UnseenError), looking.at(gradebook) as book:
        _, due = duedates.seen(book, unit)
        rows = book.all(
            "SELECT submitted.student_id, submitted.extension FROM submitted_assignment AS submitted "
            "JOIN assignment ON assignment.id = submitted.assignment_id "
            "WHERE assignment.name = ? AND submitted.extension IS NOT NULL",
            (unit.name,),
        )
    given = {student: looking.length(extension) for student, extension in rows}
    return (
        None if due is None else due.replace(tzinfo=UTC),
        {student: extension for student, extension in given.items() if extension is not None},
    )

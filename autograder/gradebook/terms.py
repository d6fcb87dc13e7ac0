"""By what the time of work in a unit is judged, and how that is told: due dates, late policy, time zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from autograder import times
from autograder.gradebook import arrangements, imported, penalties, settings
from autograder.gradebook.arrangements import Arrangement, Arrangements
from autograder.records import Course, Unit


@dataclass(frozen=True)
class Terms:
    """What holds in one unit."""

    arranged: Arrangements = field(default_factory=lambda: Arrangements("", None))
    zone: tzinfo = UTC  # in which people read times
    policy: str = ""  # what late work costs, in a sentence; "" where only a program knows
    noted: frozenset[datetime] = frozenset()  # when nothing came: by them work is only known to be late

    def late_by(self, student: str, at: datetime | None) -> timedelta:
        """How late a student's work is; nothing for work that is in time, or of which it is not known.

        `at` is when it was handed in, UTC where it has no zone.
        """
        due = self.arranged.of(student).due
        if at is None or due is None:
            return timedelta()
        return max(timedelta(), (at if at.tzinfo is not None else at.replace(tzinfo=UTC)) - due)

    def told(self, student: str, at: datetime | None) -> Told:
        """What a student is told of the time of work that was handed in at `at`, and of what is arranged."""
        own, late = self.arranged.of(student), self.late_by(student, at)
        due = "" if own.due is None else times.said(own.due, self.zone)
        by = "" if at in self.noted else f"{times.length(late)} "
        return Told(
            at="" if at is None or at in self.noted else times.said(at, self.zone),
            late=f"{by}after {due}" if late else "",
            extension=_more(own),
            policy=f"{self.policy}." if late and self.policy else "",
            excused=own.excused,
        )


@dataclass(frozen=True)
class Told:
    """What a student is told of the time of one submission, each empty where there is nothing to say."""

    at: str  # when it was handed in
    late: str  # by how much, where that is known, and what was due
    extension: str  # how much later than for others it was due
    policy: str  # what late work costs, where this is late
    excused: bool


def read(course: Course, out: Path, unit: Unit) -> Terms:
    """What holds in a unit, with what is in the gradebook in `out`; CourseError where `excused.toml` is not as it should be."""
    return Terms(
        arrangements.read(course.root, out, unit),
        settings.zone(course),
        penalties.words(course.root / settings.CONFIG, course.late),
        imported.noted(course.root, unit.name),
    )


def _more(own: Arrangement) -> str:
    return "" if not own.extension else times.length(own.extension)

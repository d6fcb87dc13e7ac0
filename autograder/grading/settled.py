"""A report whatever happens: the one way in which a submission is tried within its time, and its failures told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from autograder import budget
from autograder.budget import Budget
from autograder.errors import UnreadableError
from autograder.grading import groups
from autograder.notebook.places import HandedIn
from autograder.records import Course, Level, Report, Status, Unit

_TRIES: Final = 2  # of a submission that failed by our own fault


class Blank(Protocol):
    """Makes the report of a submission without a single verdict."""

    def __call__(self, handed_in: HandedIn, *, status: Status, score: float | None, reason: str) -> Report:
        """A student's failure has the score 0, our own has none."""


def empty(course: Course, unit: Unit, student: str, digest: str, *, level: Level, version: str) -> Report:
    """The report of a submission of which nothing is known yet but what it is and what grades it."""
    return Report(
        unit=unit.name,
        unit_title=unit.title,
        student=student,
        status="graded",
        score=None,
        max_score=unit.points,
        functions=(),
        level=level,
        course=version,
        submission=digest,
        hints=course.hints,
    )


def report(
    handed_in: HandedIn, seconds: float, once: Callable[[HandedIn, Budget], Report], blank: Blank
) -> Report:
    """What `once` reports within so many seconds; our own failure is tried again, and is `not-graded`, never a zero."""
    if handed_in.by:  # the one of a group for whom it is graded
        alone = replace(handed_in, student=handed_in.by, by="", other=())
        return groups.report_of(report(alone, seconds, once, blank), handed_in)
    reason = ""
    for _ in range(_TRIES):
        try:
            with budget.of(seconds) as own:
                return once(handed_in, own)
        except budget.SpentError:
            told = (
                f"Reading and comparing it took more than the {seconds:g} s that a whole submission may take."
            )
            return blank(handed_in, status="timeout", score=0.0, reason=told)
        except UnreadableError as error:
            return blank(handed_in, status="unreadable", score=0.0, reason=str(error))
        except Exception as error:  # whatever went wrong on this side must not stop the class
            reason = f"{type(error).__name__}: {error}"
    return blank(handed_in, status="not-graded", score=None, reason=reason)

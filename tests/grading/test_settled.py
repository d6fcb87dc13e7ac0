"""One report for each submission, whatever happens on the way: a student's failure is told from our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import budget
from autograder.budget import Budget
from autograder.errors import UnreadableError
from autograder.grading import settled
from autograder.notebook.places import HandedIn
from autograder.records import Report, Status

ADA = HandedIn("ada", Path("submitted/ada/lines"))


def blank(handed_in: HandedIn, *, status: Status, score: float | None, reason: str) -> Report:
    return Report("lines", "Lines", handed_in.student, status, score, 3.0, (), reason=reason)


class Once:
    """Raises what it is given, try after try, and then reports full marks."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tries = 0

    def __call__(self, handed_in: HandedIn, own: Budget) -> Report:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return Report("lines", "Lines", handed_in.student, "graded", 3.0, 3.0, ())


def test_our_own_failure_is_tried_again() -> None:
    once = Once(OSError("no process"))
    report = settled.report(ADA, 60.0, once, blank)
    assert (report.status, report.score, once.tries) == ("graded", 3.0, 2)


def test_our_own_failure_is_never_a_zero() -> None:
    report = settled.report(ADA, 60.0, Once(OSError("no process"), OSError("none again")), blank)
    assert (report.status, report.score, report.reason) == ("not-graded", None, "OSError: none again")


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (UnreadableError("it is no notebook"), "unreadable", "it is no notebook"),
        (budget.SpentError(), "timeout", "more than the 60 s that a whole submission may take"),
    ],
)
def test_a_failure_of_the_student_s_is_a_zero_at_once(error: Exception, status: Status, reason: str) -> None:
    once = Once(error)
    report = settled.report(ADA, 60.0, once, blank)
    assert (report.status, report.score, once.tries) == (status, 0.0, 1)
    assert reason in report.reason

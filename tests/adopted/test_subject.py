"""What a failure of a test cell is about, of all that the cell has asked."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.adopted import faults, subject
from autograder.adopted.papers import Asked, Failure, Verdict
from autograder.records import Died, Raised, Returned

HUNG = Died("timeout", "took too long")


def asked(said: str, outcome: Any) -> Asked:
    return Asked(said, said.partition("(")[0], (1,), {}, outcome, 1)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("died", HUNG), ("student", Raised("ValueError", "no", 1, ()))],
    ids=["died", "raised"],
)
def test_what_a_test_asks_after_it_failed_is_not_what_failed(how: Any, outcome: Any) -> None:
    """A test's `finally` was told of in the place of the call that did not come back."""
    failure = Failure(how, "StudentGoneError", "", 1, False, "", died=HUNG if how == "died" else None)
    verdict = Verdict("t", 0.0, 2.0, failure, (asked("f(1)", outcome), asked("g(2)", Returned(2))))
    found = subject.of(verdict, failure)
    assert (found.name, found.said) == ("f", "f(1)")
    assert found.asked is verdict.asked[0]


def test_how_student_code_ended_is_what_ended_it_first() -> None:
    failure = Failure("died", "StudentGoneError", "", 1, False, "", died=HUNG)
    verdict = Verdict("t", 0.0, 2.0, failure, (asked("f(1)", Returned(1)),))
    assert faults.ended(failure, subject.of(verdict, failure)) is HUNG
    told = faults.of(failure, subject.of(verdict, failure), None)
    assert (told.id, told.does) == ("timeout", "does not come to an end in time")

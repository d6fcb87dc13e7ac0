"""The ladder: what each rung says of a finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder import hints
from autograder.errors import CourseError
from autograder.records import Diagnosis

AXIS = Diagnosis("softmax.wrong-axis", "The sum runs down the columns", "row sum", 4)
EDIT = Diagnosis("general.one-edit", "Line 3: look at the sign of `x`", "shift", 3, kind="sign")
RAISES = Diagnosis("general.raises", "The function stops with an error", line=2)


@pytest.mark.parametrize(
    ("diagnosis", "lead"),
    [
        (AXIS, "The result is not the expected one: look at line 4"),
        (
            replace(AXIS, off="The size of the numbers is off"),
            "The size of the numbers is off: look at line 4",
        ),
        (
            replace(AXIS, kind="axis"),
            "The result is not the expected one: look at line 4, and there at the axis",
        ),
        (replace(AXIS, off="Some signs are off", line=None), "Some signs are off"),
        (
            EDIT,
            "The result is not the expected one: look at line 3, and there at how things are put together",
        ),
        (replace(EDIT, line=None), EDIT.title),
        (RAISES, "The function stops with an error"),
    ],
)
def test_the_first_rung_says_where_to_look_and_never_the_cause(diagnosis: Diagnosis, lead: str) -> None:
    assert hints.lead(diagnosis) == lead
    assert hints.is_seen(diagnosis) == (lead == diagnosis.title)


def test_a_misconception_is_never_told_at_once_whatever_its_name() -> None:
    assert not hints.is_seen(Diagnosis("softmax.raises", "It stops"))


def test_the_worked_steps_come_after_the_cause_where_there_is_one() -> None:
    assert hints.steps_at([RAISES, AXIS]) == 3
    assert hints.steps_at([RAISES]) == hints.steps_at([]) == 2


def test_a_course_begins_where_it_says_and_a_student_where_asked() -> None:
    assert [hints.rung(None, "cause"), hints.rung(None, "ladder")] == [3, 1]
    assert [hints.rung(asked, "ladder") for asked in (1, 2, 3)] == [1, 2, 3]
    assert hints.rung(1, "cause") == 1


@pytest.mark.parametrize("asked", [0, 4, 9, -1, "2", 2.0, True])
def test_a_rung_that_there_is_not(asked: object) -> None:
    with pytest.raises(CourseError, match=r"^there is no hint .*: 1 says where to look, 2 .* 3 [^\n]*\Z"):
        hints.rung(asked, "ladder")


def test_of_a_wrong_line_it_is_not_told_at_once_what_it_should_be() -> None:
    assert hints.is_place("Line 2: `e` is right, the step “exponential”.")
    assert not hints.is_place("Line 3: `s` should be the step “row sum” (s = Σ e), and is not.")
    assert not hints.is_place("Every number is 2 times the right one.")

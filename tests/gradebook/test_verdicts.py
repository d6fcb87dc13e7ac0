"""Verdicts in words."""

from __future__ import annotations

from dataclasses import replace

from autograder.gradebook import verdicts
from autograder.records import Check, Diagnosis, FunctionReport

MISSING = FunctionReport(
    "softmax",
    0.0,
    3.0,
    False,
    (
        Check("rows sum to one", False, 1.0, "On “a row”: it stops.", tried=False),
        Check("values", False, 2.0, "On “a row”: it stops."),
    ),
)


def test_a_check_that_was_not_tried_has_not_failed() -> None:
    assert verdicts.verdict(MISSING).splitlines() == [
        "softmax: 0 of 3 points",
        "not tried rows sum to one (1)",
        "NOT passed values (2): On “a row”: it stops.",
    ]
    assert verdicts.comment(MISSING).splitlines()[2:] == [
        "- Not tried: rows sum to one",
        "- Not passed: values. On “a row”: it stops.",
    ]


def test_points_are_said_in_full() -> None:
    fine = replace(MISSING, score=1000.125, max_score=2000.25, checks=(Check("values", True, 1000.125),))
    assert verdicts.verdict(fine).splitlines() == [
        "softmax: 1000.125 of 2,000.25 points",
        "passed values (1000.125)",
    ]


def test_students_of_a_course_with_a_ladder_read_the_first_rung_and_graders_all() -> None:
    found = (
        Diagnosis("softmax.wrong-axis", "The sum runs down the columns", "row sum", 4),
        Diagnosis("general.raises", "The function stops with an error", line=2),
    )
    function = replace(MISSING, checks=(), diagnoses=found)
    assert verdicts.verdict(function, "ladder").splitlines()[1:] == [
        "The result is not the expected one: look at line 4",
        "The function stops with an error (general.raises, line 2 of the cell)",
    ]
    assert "softmax.wrong-axis" in verdicts.verdict(function)
    assert "softmax.wrong-axis" in verdicts.comment(function)

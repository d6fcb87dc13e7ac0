"""Verdicts in words."""

from __future__ import annotations

from autograder.gradebook import verdicts
from autograder.records import Check, FunctionReport

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

"""What late work costs by course.toml."""

from __future__ import annotations

import pytest

from autograder import lateness
from autograder.lateness import Late

DAY = 86400.0


@pytest.mark.parametrize(
    ("late", "seconds", "lost"),
    [
        (Late(per_day=0.1), 1, 1),
        (Late(per_day=0.1), DAY, 1),
        (Late(per_day=0.1), DAY + 1, 2),
        (Late(per_day=0.1), 40 * DAY, 10),
        (Late(per_day=0.1, at_most=0.5), 40 * DAY, 5),
        (Late(per_day=0.1, grace_minutes=15), 900, 0),
        (Late(per_day=0.1, grace_minutes=15), 901, 1),
        (Late(per_day=0.1, after_days=7), 7 * DAY, 7),
        (Late(per_day=0.1, after_days=7), 7 * DAY + 1, 10),
        (Late(after_days=0.5), DAY / 2, 0),
        (Late(), 40 * DAY, 0),
    ],
)
def test_days_that_have_begun_cost_a_part_of_the_marks(late: Late, seconds: float, lost: float) -> None:
    assert lateness.penalty(late, 10, seconds) == pytest.approx(lost)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (
            Late(0.1, 0.5, 15, 7),
            "Each day begun after the due date costs 10 % of the marks, 50 % at most; after 7 days nothing counts any "
            "more; up to 15 minutes late costs nothing",
        ),
        (Late(per_day=0.125), "Each day begun after the due date costs 12.5 % of the marks"),
        (Late(after_days=1), "After 1 day nothing counts any more"),
        (Late(), "Late work costs nothing"),
    ],
)
def test_the_policy_in_words(late: Late, said: str) -> None:
    assert lateness.words(late) == said

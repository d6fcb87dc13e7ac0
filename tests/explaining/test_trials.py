"""What the trials of a function gave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checking.attempt import Trial
from autograder.data import Column, Other, Table
from autograder.explaining import precision, trials
from autograder.mismatch import Mismatch
from autograder.records import Case, Raised, Returned


def pairs(due: Any, got: Any) -> list[tuple[list[float], list[float]]]:
    trial = Trial(Case("a case", ()), due, Returned(got), None, changed=False)
    return [(one.tolist(), other.tolist()) for one, other in trials.pairs_of(trial)]


def table(*cells: float) -> Table:
    return Table(
        "DataFrame", (Column("a", "float64", np.array(cells)), Column("b", "object", ("x",) * len(cells)))
    )


def labels(*numbers: int) -> Column:
    return Column(None, "int64", np.array(numbers))


@pytest.mark.parametrize(
    ("due", "got", "numbers"),
    [
        (np.array([1.25]), np.array([1.2]), ([1.2], [1.25])),
        (1.25, 1.2, ([1.2], [1.25])),
        ([1.25, "a", 3], [1.2, "a", 3], ([1.2], [1.25])),
        ({"a": np.array([1.25]), "b": 2.5}, {"b": 2.0, "a": np.array([1.2])}, ([2.0, 1.2], [2.5, 1.25])),
        (table(1.25, 2.5), table(1.2, 2.0), ([1.2, 2.0], [1.25, 2.5])),
        ([1.25, "a"], [1.2, "b"], None),
        (table(1.25, 2.5), replace(table(1.2, 2.0), index=(labels(1, 2),)), None),
        (table(1.25, 2.5), replace(table(1.2, 2.0), index=(labels(0, 1),)), ([1.2, 2.0], [1.25, 2.5])),
        (table(1.25), replace(table(1.2), kind="Series"), None),
        ([1.25], [1.2, 1.0], None),
        (1.25, "1.25", None),
        (3, 4, None),
        ("text", "text", None),
        (np.array([1.25]), np.array([1.2, 3.0]), None),
    ],
)
def test_decimals_of_what_is_otherwise_the_same(due: Any, got: Any, numbers: Any) -> None:
    assert pairs(due, got) == ([] if numbers is None else [numbers])


def test_lone_numbers_are_seen_to_be_rounded() -> None:
    rows = [(1.0 / 3, 0.33), (2.0 / 3, 0.67)]
    found = [
        pair
        for due, got in rows
        for pair in trials.pairs_of(Trial(Case("c", ()), due, Returned(got), None, changed=False))
    ]
    assert precision.rounded_to(found) == 2


def test_what_has_few_decimals_anyway_is_not_rounded() -> None:
    """Where nothing is cut, something else is wrong."""
    right = np.array([1.5, 2.25])
    assert precision.rounded_to([(right, right.copy())]) is None
    assert precision.rounded_to([(right, right.copy()), (np.array([0.33]), np.array([1.0 / 3]))]) == 2


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (np.array([1.0, np.nan]), 1),
        ({"a": [1, float("inf"), "x"]}, 3),
        (None, 0),
        (Other("thing"), 0),
        ([Other("thing")], 0),
        (np.array(["a", "b"]), 2),
    ],
)
def test_what_bears_a_finding_out(value: Any, count: int) -> None:
    assert trials.finite_parts(value) == count


FULL, SMALL, OTHER = Case("full", ()), Case("full, made small", (), of="full"), Case("other", ())
HUGE = Case("huge", (), kind="huge")
CAME, RAISED = Returned(np.array([1.0])), Raised("ValueError")


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ([], None),
        ([FULL, OTHER, SMALL], SMALL),
        ([OTHER, SMALL], OTHER),  # made of another one
        ([HUGE, FULL], FULL),
        ([SMALL], SMALL),
    ],
)
def test_what_is_made_small_is_shown_in_the_place_of_what_it_is_made_of(
    wrong: list[Case], shown: Case | None
) -> None:
    place = trials.place_to_show([(case, CAME) for case in wrong], lambda _: ("values",))
    assert (None if place is None else wrong[place]) is shown


def test_it_is_shown_where_it_is_wrong_in_the_same_way() -> None:
    ways = [
        trials.way_of(Mismatch(FULL, CAME.value, outcome, rung, ""))
        for outcome, rung in ((CAME, "values"), (CAME, "shape"), (RAISED, "raises"), (Raised("X"), "raises"))
    ]
    assert len(set(ways)) == len(ways)
    assert trials.way_of(None) == ()
    wrong = [(FULL, CAME), (SMALL, CAME)]
    assert trials.place_to_show(wrong, lambda place: ways[place]) == 0

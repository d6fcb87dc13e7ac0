"""When numbers are equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checking import numbers
from autograder.records import Tolerance

DEFAULT = Tolerance()


def test_where_integers_are_due_any_difference_counts() -> None:
    due = np.array([1, 200_000])
    assert numbers.wrong_cells(np.array([1.0, 200_001.0]), due, DEFAULT).tolist() == [False, True]
    assert numbers.wrong_cells(np.array([1.0000001, 200_000.0]), due, DEFAULT).tolist() == [True, False]
    assert (
        numbers.wrong_cells(np.array([1.0000001, 200_001.0]), due.astype(float), DEFAULT).tolist()
        == [False] * 2
    )


@pytest.mark.parametrize(
    ("due", "got", "wrong"),
    [
        (np.array([np.nan, 1.0]), np.array([np.nan, np.nan]), [False, True]),
        (np.array(["NaT", "2026-01-01"], "M8[D]"), np.array(["NaT", "NaT"], "M8[D]"), [False, True]),
        (np.array(["a", "b"]), np.array(["a", "c"]), [False, True]),
        (np.array([1, 2]), np.array([1, 3]), [False, True]),
    ],
)
def test_in_a_column_what_is_missing_equals_what_is_missing(due: Any, got: Any, wrong: list[bool]) -> None:
    assert numbers.wrong_in_column(got, due, DEFAULT).tolist() == wrong


@pytest.mark.parametrize(
    ("due", "got", "equal"),
    [
        (2.0, 10**400, False),
        (2.0, -(10**400), False),
        (float("inf"), 10**400, True),
        (10**400, float("inf"), False),
    ],
)
def test_numbers_too_large_to_calculate_with(due: Any, got: Any, equal: bool) -> None:
    assert numbers.equal(due, got, DEFAULT) == equal


@pytest.mark.parametrize("make", [lambda one: one, lambda one: np.array([one, one])], ids=["lone", "array"])
def test_lengths_of_time_without_a_common_measure_differ(make: Any) -> None:
    years, months, days = np.timedelta64(1, "Y"), np.timedelta64(12, "M"), np.timedelta64(365, "D")
    assert numbers.differing(make(years), make(days)).all()
    assert numbers.differing(make(days), make(months)).all()
    assert not numbers.differing(make(years), make(months)).any()

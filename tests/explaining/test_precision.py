"""Digits that are lost."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.data import Array
from autograder.explaining import precision

LONG = np.array([1.23456789, -0.98765432, 12.3456789])


@pytest.mark.parametrize("digits", range(7))
def test_rounding_is_recognised(digits: int) -> None:
    assert precision.rounded_to([(np.round(LONG, digits), LONG)]) == digits


def test_dropped_decimals_are_rounding_too() -> None:
    assert precision.rounded_to([(np.trunc(LONG * 100) / 100, LONG)]) == 2
    assert precision.rounded_to([(np.floor(LONG), LONG)]) == 0


def test_numbers_that_are_just_wrong_are_not_rounded() -> None:
    assert precision.rounded_to([(LONG + 0.1, LONG)]) is None
    assert precision.rounded_to([(np.round(LONG, 2), LONG), (LONG + 1, LONG)]) is None
    assert precision.rounded_to([(np.array([0.0, 1.0]), np.array([1.0, 0.0]))]) is None


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ([np.array([0.5, 1.0])], 1),
        ([np.array([0.5]), np.array([0.125])], 3),
        ([np.array([1.0, 2.0])], None),
        ([np.array([1, 2])], None),
        ([LONG], None),
        ([np.array([0.5, np.nan])], None),
        ([], None),
    ],
)
def test_how_many_decimals_numbers_have(arrays: list[Array], expected: int | None) -> None:
    assert precision.decimals(arrays) == expected


def test_half_precision_is_recognised_by_dtype_and_by_numbers() -> None:
    half = LONG.astype(np.float16)
    assert precision.low_precision([(half, LONG)])
    assert precision.low_precision([(half.astype(float), LONG)])
    assert not precision.low_precision([(LONG.astype(np.float32), LONG)])
    assert not precision.low_precision([(half + 1, LONG)])
    assert not precision.low_precision([(half, np.zeros(3))])
    few = np.array([2.0, -7.0])  # whole numbers have no more digits to lose
    assert not precision.low_precision([(few, few + 1e-12), (LONG, LONG)])
    assert not precision.low_precision([(half * np.inf, LONG)])


def test_half_precision_on_the_way_is_known_by_what_the_code_asks_for() -> None:
    on_the_way = LONG.astype(np.float16) / np.sqrt(6)
    due = LONG / np.sqrt(6)
    assert not precision.low_precision([(on_the_way, due)])
    assert precision.low_precision([(on_the_way, due)], asked_for=True)
    assert not precision.low_precision([(due, due)], asked_for=True)
    assert not precision.low_precision([(on_the_way + 1, due)], asked_for=True)


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        ("q = Q.astype(np.float16)", True),
        ("q = np.half(Q)", True),
        ("q = np.array(Q, dtype='float16')", True),
        ("q = Q.astype('<f2')", True),
        ("q = Q.astype(np.float32)", False),
        ("half = Q / 2", False),
        ("q = (", False),
    ],
)
def test_whether_code_asks_for_half_precision(source: str, asks: bool) -> None:
    assert precision.asks_for_half(source) == asks

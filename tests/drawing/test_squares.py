"""Matrices as squares: size is the number, hollow is negative, a cross is infinite."""

from __future__ import annotations

import re

import numpy as np

from autograder.drawing import squares


def sides(path: str) -> list[float]:
    return [float(side) for side in re.findall(r"h(\d[\d.]*)v", path)]


def test_the_area_is_the_number() -> None:
    drawn = squares.field(np.array([[1.0, 0.25, 0.0]]), 0, 0, 12)
    assert sides(drawn) == [10.0, 5.0]
    assert 'stroke="#d9700f"' not in drawn


def test_negative_ones_are_hollow_and_infinite_ones_crossed() -> None:
    array = np.array([[-1.0, float("-inf")]])
    drawn = squares.field(array, 0, 0, 12)
    assert 'fill="none" stroke="#d9700f"' in drawn
    assert drawn.count("m0 ") == 1
    assert squares.legend(array) == (
        "The larger a square, the larger its number; hollow orange ones are negative; a cross is infinite."
    )


def test_nothing_but_zeros_is_an_empty_field() -> None:
    assert "path" not in squares.field(np.zeros((2, 2)), 0, 0, 12)

"""When two numbers are equal: alone, in one array, in one column of a table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.data import Array
from autograder.records import Tolerance


def wrong_cells(got: Array, expected: Array, tolerance: Tolerance) -> Array:
    """Which cells of two arrays of one shape are not equal: further apart than absolute + relative · largest expected.

    Where integers are due, any difference counts.
    """
    if expected.dtype.kind in "iu":
        exactly: Array = ~np.asarray(got == expected)
        return exactly
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.abs(expected)
        largest = float(sizes.max(initial=0.0))
        # As nearly always; what comes of the others takes as long as all the rest.
        finite = None if math.isfinite(largest) else np.isfinite(expected)
        if finite is not None:
            largest = float(sizes[finite].max(initial=0.0))
        # Booleans have no difference in NumPy, and small whole numbers a wrong one.
        doubles = got.dtype.char == expected.dtype.char == "d"
        exact = expected.dtype if doubles else np.result_type(got, expected, np.float64)
        near = (
            np.abs(np.subtract(got, expected, dtype=exact))
            <= tolerance.absolute + tolerance.relative * largest
        )
        wrong: Array = ~(near if finite is None else np.where(finite, near, got == expected))
    return wrong


def same(one: Array, other: Array, tolerance: Tolerance) -> bool:
    """Whether all numbers of two arrays of one shape are equal, nan like nan."""
    wrong = wrong_cells(one, other, tolerance)
    return not wrong.any() or not (wrong & ~(np.isnan(one) & np.isnan(other))).any()


def differing(got: Any, expected: Any) -> Array:
    """Which cells of two arrays of one kind and shape, or scalars, are not the same value; of texts, times and booleans.

    Lengths of time that have no common measure, as years and days, are never the same.
    """
    try:
        return np.asarray(got != expected)
    except TypeError:
        return np.ones(np.shape(expected), bool)


def wrong_in_column(got: Array, expected: Array, tolerance: Tolerance) -> Array:
    """The same for a column of a table, of any dtype: there nan equals nan, and a missing time a missing time."""
    if expected.dtype.kind not in "iufc":
        missing = _missing(got) & _missing(expected)
        wrong: Array = differing(got, expected) & ~missing
        return wrong
    both: Array = _missing(got) & _missing(expected)
    return wrong_cells(got, expected, tolerance) & ~both


def _missing(cells: Array) -> Array:
    if cells.dtype.kind in "Mm":
        return np.isnat(cells)
    return np.isnan(cells) if cells.dtype.kind in "fc" else np.zeros(cells.shape, bool)


def wrong_lone(got: Array, expected: Array, tolerance: Tolerance) -> Array:
    """Which of many lone floats are not equal: for each, its own size decides how far apart they may lie."""
    finite = np.isfinite(expected)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(got - expected) <= tolerance.absolute + tolerance.relative * np.abs(expected)
    wrong: Array = ~np.where(finite, near, got == expected)
    return wrong


def equal(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two lone numbers are equal, each Python's own, a NumPy scalar or an array without dimensions."""
    due, got = _own(due), _own(got)
    if isinstance(due, int):  # Python compares whole numbers with others as what they are, however large
        return bool(due == got)
    with np.errstate(invalid="ignore", over="ignore"):
        due, got = np.asarray(due), np.asarray(_float(got))
        return not bool(np.any(wrong_cells(got, due, tolerance)))


def _own(number: Any) -> int | float | complex:
    """Python's own number of the same value."""
    own: int | float | complex = number.item() if isinstance(number, np.ndarray | np.generic) else number
    return own


def _float(number: int | float | complex) -> float | complex:
    """A number that NumPy calculates with; whole ones may be too large for that, and are infinite then."""
    if not isinstance(number, int):
        return number
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")

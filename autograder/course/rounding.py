"""Numbers as they are written down: without the last digits, which hang on the machine that made them.

A product of matrices adds up in an order that the processor's library chooses, and an exponential is right to the
last digit but one. What is written from such numbers is cut where they are the same everywhere, in steps that are
small against the tolerance with which they are compared, and so of the scale of the largest: near zero, a sum of
large terms is as uncertain as anywhere else.

Numbers that stand in the middle between two steps would still fall to either side, and do so often: inputs have
two or three decimals, and so their products have five or six. Hence it is rounded twice. The first time takes the
noise away and leaves such a middle exactly where it is, from where the second always goes the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.data import Array
from autograder.records import Tolerance

_FINE: Final = 5  # decimals by which the first rounding is finer than the second
_BELOW: Final = 3  # decimals by which the second is finer than what is told apart
_MOST: Final = 300  # decimals: the power of ten must be a number
_SHORT: Final = 1e-6  # single precision is enough for arrays that agree so well
_LAST_BITS: Final = np.uint64(2)  # those of a number that another machine may have otherwise
_SCATTER: Final = np.uint64(0x9E3779B97F4A7C15)  # whose multiples look drawn: 2**64 by the golden ratio
_CERTAIN: Final = 12  # significant digits that two machines agree on, and more than anyone is shown


def written(array: Array, tolerance: Tolerance) -> Array:
    """An array as it ships, to be compared within the tolerance.

    Small whole numbers take a byte or two each: matrices of zeros and ones are most of a file.
    """
    if tolerance.exact or array.dtype.kind not in "biufc":
        return array
    return _small(rounded(array, _apart(array, tolerance)))


def written_value(value: Any, tolerance: Tolerance, shorten: Callable[[Array], Array] | None = None) -> Any:
    """Any value as it ships: the arrays in it as `written`, and then shortened; lone numbers likewise."""

    def leaf(one: Any) -> Any:
        if isinstance(one, np.ndarray):
            return written(one, tolerance) if shorten is None else shorten(written(one, tolerance))
        if isinstance(one, float | np.floating) and not tolerance.exact:
            return type(one)(rounded(np.asarray(one), _apart(np.asarray(one), tolerance)))
        return one

    return nested.mapped(value, leaf)


def rounded(array: Array, apart: float) -> Array:
    """The array with its numbers in steps of 1/1000 to 1/10000 of `apart`, the least difference that is told.

    Where nothing is too small to be told, all digits stay. Zero has no sign in it, and nan but one form. Arrays of
    other than floating and complex numbers come back as they are; of dtypes, those beyond double precision are cut.
    """
    if array.dtype.kind not in "fc":
        return array
    wide = array.astype(np.float64 if array.dtype.kind == "f" else np.complex128)
    if apart > 0.0:
        decimals = min(_BELOW - _exponent(apart), _MOST - _FINE)
        with np.errstate(over="ignore", invalid="ignore"):
            wide = wide.round(decimals + _FINE).round(decimals)
    plain = np.asarray(np.where(np.isnan(wide), np.nan, wide) + 0.0)
    return plain.astype(array.dtype) if array.itemsize < plain.itemsize else plain


def certain(x: float, terms: Any = ()) -> float:
    """A number, or the sum of these terms, to as many digits as are the same on every machine.

    The smallest numbers of all have fewer than that: they are 0.
    """
    scale = max(abs(x), float(np.max(np.abs(terms), initial=0.0)))
    if scale < np.finfo(float).tiny:
        return 0.0
    return round(x, _CERTAIN - 1 - _exponent(scale)) + 0.0 if math.isfinite(scale) else x


def nudged(value: Any) -> Any:
    """A value with two of three numbers of each array off by a unit in the last place, to see what hangs on it."""
    if isinstance(value, nested.CONTAINERS):
        return nested.mapped(value, nudged)
    if isinstance(value, float):
        return float(np.nextafter(value, np.inf)) if np.isfinite(value) and value else value
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    off = (np.arange(value.size).reshape(value.shape) % 3 > 0) & np.isfinite(value) & (value != 0)
    return np.where(off, np.nextafter(value, np.inf, dtype=value.dtype), value)


def elsewhere(value: Any) -> Any:
    """A value with other last digits, as another machine may work it out, to see what hangs on them.

    Numbers that single precision holds come out the same everywhere. A number's digits are chosen by those before them:
    copies of it stay copies, and what has such digits keeps them.
    """
    if isinstance(value, nested.CONTAINERS):
        return nested.mapped(value, elsewhere)
    if isinstance(value, float):
        return type(value)(elsewhere(np.array([value]))[0])
    if not isinstance(value, np.ndarray) or value.dtype != np.float64:
        return value
    # Of one axis at least: the product of a lone number warns where it wraps around.
    numbers = np.ascontiguousarray(value)
    with np.errstate(over="ignore", under="ignore"):
        hangs = np.isfinite(numbers) & (numbers != numbers.astype(np.float32))
    before = numbers.view(np.uint64) >> _LAST_BITS
    chosen = before * _SCATTER >> np.uint64(64 - int(_LAST_BITS))
    other = (before << _LAST_BITS | chosen).view(np.float64)
    return np.where(hangs, other, numbers).reshape(value.shape)


def short(array: Array) -> Array:
    """An array in single precision, where that is enough for each of its numbers."""
    if array.dtype.kind != "f":
        return array
    with np.errstate(over="ignore", under="ignore"):
        single = array.astype(np.float32)
    same = np.isclose(single.astype(float), array, rtol=_SHORT, atol=0.0, equal_nan=True)
    return single if same.all() else array


def _apart(array: Array, tolerance: Tolerance) -> float:
    """The least difference to an array that `compare` tells: it goes by the largest of the finite numbers."""
    largest = float(np.abs(array).max(initial=0.0))
    if not math.isfinite(largest):
        largest = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
    return tolerance.absolute + tolerance.relative * largest


def _small(array: Array) -> Array:
    """The array in as few bytes as hold it; integers stay integers, as nothing but they are equal to them."""
    if array.dtype.kind not in "fiu" or not np.all(np.abs(array) <= 60):  # differences still fit
        return array
    small = array.astype(np.float16 if array.dtype.kind == "f" else np.int8)
    return small if np.array_equal(small, array) else array


def _exponent(x: float) -> int:
    """Of the power of ten in `x`; as it is written, because a logarithm may miss a whole number by its last digit."""
    return int(f"{x:.3e}".partition("e")[2])

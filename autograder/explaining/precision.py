"""Whether results are the right ones with digits lost: rounded, cut, or calculated in half precision."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

import numpy as np

from autograder.data import Array
from autograder.notebook import syntax

Pairs = Sequence[tuple[Array, Array]]  # what came and what was due, of one shape each
_MOST_DIGITS: Final = 6
_LOST: Final = 1e-7  # of the largest number: what half precision loses at least
_HALF: Final = frozenset({"float16", "half", "f2"})


def rounded_to(pairs: Pairs) -> int | None:
    """To how many decimals the results are right and cut; None where they are not, or where nothing is cut."""
    if all(np.array_equal(got, due) for got, due in pairs):
        return None  # something else is wrong with them
    for digits in range(_MOST_DIGITS + 1):
        if all(_is_cut(got, digits) and _near_cut(got, due, digits) for got, due in pairs):
            return digits
    return None


def decimals(arrays: Sequence[Array]) -> int | None:
    """How many decimals all numbers have, where they have some and not many; None otherwise."""
    real = [array for array in arrays if array.dtype.kind == "f" and np.all(np.isfinite(array))]
    if not real or len(real) < len(arrays) or all(_is_cut(array, 0) for array in real):
        return None
    return next(
        (digits for digits in range(1, _MOST_DIGITS) if all(_is_cut(array, digits) for array in real)), None
    )


def low_precision(pairs: Pairs, *, asked_for: bool = False) -> bool:
    """Whether the results are those of half precision: close, and off by what it loses.

    Where the code asks for it, what is close need not look like it: what comes after it is done in more digits.
    """
    if any(got.dtype.kind != "f" for got, _ in pairs):
        return False
    for got, due in pairs:
        scale = float(np.max(np.abs(due[np.isfinite(due)]), initial=0.0))
        if scale == 0 or not np.all(np.isfinite(got)) or np.max(np.abs(got - due)) > 5e-3 * scale:
            return False
    if asked_for:
        return any(_is_off(got, due) for got, due in pairs)
    return any(got.dtype == np.float16 or _has_lost_digits(got, due) for got, due in pairs)


def asks_for_half(source: str) -> bool:
    """Whether code names half precision, as `np.float16`, `np.half` or `"float16"`; not where it is no Python."""
    parsed = syntax.tree(source)
    nodes = ast.walk(parsed) if parsed is not None else ()
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _HALF)
        or (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.lstrip("<=>") in _HALF
        )
        for node in nodes
    )


def _is_cut(array: Array, digits: int) -> bool:
    return array.dtype.kind != "f" or bool(np.array_equal(array, np.round(array, digits)))


def _near_cut(got: Array, due: Array, digits: int) -> bool:
    """Whether `got` is `due` rounded, or with the decimals that follow dropped."""
    unit = 10.0**-digits
    if np.all(np.abs(got - due) <= 0.51 * unit):
        return True
    dropped = (np.trunc(due / unit) * unit, np.floor(due / unit) * unit, np.ceil(due / unit) * unit)
    return any(np.allclose(got, cut, rtol=0, atol=1e-9) for cut in dropped) and not _is_cut(due, digits)


def _has_lost_digits(got: Array, due: Array) -> bool:
    """Whether numbers are those of half precision and not the right ones: few digits may be all that there are."""
    return _fits_half(got) and _is_off(got, due)


def _is_off(got: Array, due: Array) -> bool:
    scale = float(np.max(np.abs(due), initial=0.0))
    return bool(np.max(np.abs(got - due), initial=0.0) > _LOST * scale)


def _fits_half(array: Array) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array, array.astype(np.float16).astype(array.dtype)))

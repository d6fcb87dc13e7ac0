"""What can be said of two arrays that differ, where no misconception is claimed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograder.compare import wrong_cells
from autograder.records import Argument, Array, Tolerance
from autograder.steps import number

Pairs = Sequence[tuple[Array, Array]]  # what came and what was due, of one shape each
_MOST_DIGITS = 6


def rounded_to(pairs: Pairs) -> int | None:
    """To how many decimals the results are right and cut; None where they are not."""
    for digits in range(_MOST_DIGITS + 1):
        if all(
            np.array_equal(got, np.round(got, digits))
            and bool(np.all(np.abs(got - due) <= 0.51 * 10.0**-digits))
            for got, due in pairs
        ):
            return digits
    return None


def low_precision(pairs: Pairs) -> bool:
    """Whether the results are those of half precision: close, and off by what it loses."""
    for got, due in pairs:
        scale = float(np.max(np.abs(due[np.isfinite(due)]), initial=0.0))
        if scale == 0 or not np.all(np.isfinite(got)) or np.max(np.abs(got - due)) > 5e-3 * scale:
            return False
    return any(got.dtype == np.float16 or _fits_half(got) for got, _ in pairs)


def observations(got: Array, due: Array, args: Sequence[Argument], tolerance: Tolerance) -> tuple[str, ...]:
    """Plain facts about `got` beside `due`, two arrays of one shape; none is a guess at a cause."""
    if not np.all(np.isfinite(got)) or not np.all(np.isfinite(due)) or got.size < 2 or got.dtype.kind == "c":
        return ()
    got, due = got.astype(float), due.astype(float)
    wrong = wrong_cells(got, due, tolerance)
    facts = []
    ratio = _constant_ratio(got, due)
    if ratio is not None:
        facts.append(f"Every number is {number(ratio)} times the right one{_recognised(ratio, args)}.")
    if got.ndim == 2 and got.shape[0] == got.shape[1] and not wrong_cells(got.T, due, tolerance).any():
        facts.append("It is the right matrix with rows and columns exchanged.")
    elif ratio is None and _same_numbers(got, due, tolerance):
        facts.append("The right numbers are all there, in other places.")
    if got.ndim == 2 and ratio is None:
        facts += _where(wrong)
    facts += _sums(got, due)
    return tuple(facts)


def listed(names: Sequence[str]) -> str:
    """`a`, `b` and `c`, in words."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _fits_half(array: Array) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array, array.astype(np.float16).astype(array.dtype)))


def _constant_ratio(got: Array, due: Array) -> float | None:
    large = np.abs(due) > 1e-9 * np.max(np.abs(due), initial=1e-300)
    if np.sum(large) < 2 or np.any(np.abs(got[~large]) > 1e-9):
        return None
    ratios = got[large] / due[large]
    if np.ptp(ratios) > 1e-6 * abs(float(ratios.flat[0])) or abs(float(ratios.flat[0]) - 1) < 1e-6:
        return None
    return float(np.mean(ratios))


def _recognised(ratio: float, args: Sequence[Argument]) -> str:
    """Which size of the inputs the ratio is made of, where it is one."""
    sizes = {size for argument in args if isinstance(argument, np.ndarray) for size in argument.shape}
    for size in sorted(sizes):
        for value, words in (
            (math.sqrt(size), f"√{size}"),
            (1 / math.sqrt(size), f"1/√{size}"),
            (float(size), f"{size}"),
            (1 / size, f"1/{size}"),
        ):
            if size > 1 and abs(ratio / value - 1) < 1e-6:
                return f", that is {words}, and {size} is one of the sizes of the inputs"
    return ", with the sign turned" if abs(ratio + 1) < 1e-6 else ""


def _same_numbers(got: Array, due: Array, tolerance: Tolerance) -> bool:
    return not wrong_cells(np.sort(got, axis=None), np.sort(due, axis=None), tolerance).any()


def _where(wrong: Array) -> list[str]:
    """Which rows or columns are wrong, where they are not all."""
    rows, columns = np.flatnonzero(wrong.any(axis=1)), np.flatnonzero(wrong.any(axis=0))
    if len(rows) == 1 and wrong.shape[0] > 2:
        return [f"Only row {rows[0]} is wrong."]
    if len(columns) == 1 and wrong.shape[1] > 2:
        return [f"Only column {columns[0]} is wrong."]
    if (
        wrong.shape[0] == wrong.shape[1]
        and wrong.any()
        and not (wrong & ~np.eye(len(wrong), dtype=bool)).any()
    ):
        return ["Only the diagonal is wrong."]
    if len(columns) < wrong.shape[1] and np.array_equal(columns, np.arange(columns[0], wrong.shape[1])):
        return [f"It is right up to column {columns[0] - 1} and wrong from column {columns[0]} on."]
    if len(rows) < wrong.shape[0] and np.array_equal(rows, np.arange(rows[0], wrong.shape[0])):
        return [f"It is right up to row {rows[0] - 1} and wrong from row {rows[0]} on."]
    return []


def _sums(got: Array, due: Array) -> list[str]:
    """Whether rows, columns or everything sums to one where rows should."""
    if not np.allclose(due.sum(axis=-1), 1):
        return []
    if np.allclose(got.sum(axis=-1), 1):
        return ["Its rows sum to one, as they should."]
    if got.ndim > 1 and np.allclose(got.sum(axis=-2), 1):
        return ["Its columns sum to one; its rows should."]
    if np.isclose(got.sum(), 1):
        return ["All its numbers together sum to one; each row should."]
    return ["Its rows do not sum to one."]

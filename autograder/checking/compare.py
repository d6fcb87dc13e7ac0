"""Compares what a function did on one case with what it should have done, rung by rung."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.records import (
    Array,
    Case,
    Died,
    Mismatch,
    Other,
    Outcome,
    Raised,
    Returned,
    Rung,
    Tolerance,
    Value,
)
from autograder.words import agree

_KNOWN_EXCEPTIONS = {
    name
    for name, thing in vars(builtins).items()
    if isinstance(thing, type) and issubclass(thing, BaseException)
} | {"LinAlgError", "AxisError"}
_KNOWN_TYPES = {name for name, thing in vars(builtins).items() if isinstance(thing, type)} | {
    "function", "generator", "module", "method", "ndarray", "matrix", "Tensor", "DataFrame", "Series",
}  # fmt: skip
_DEATHS = {
    "timeout": "It did not finish in the time allowed.",
    "out-of-memory": "It used more memory than allowed.",
    "crashed": "The process that ran it ended before it returned.",
}


def compare(
    case: Case, expected: Value | tuple[str, ...], outcome: Outcome, tolerance: Tolerance
) -> Mismatch | None:
    """The first broken rung of none → type → count → shape → finite → values, or None where all hold.

    `expected` is an array, several arrays, or, where the case has `raises`, the exception classes that are due.
    """

    def broken(rung: Rung, message: str, part: int | None = None, wrong: Array | None = None) -> Mismatch:
        first = None if wrong is None else tuple(int(place) for place in np.argwhere(wrong)[0])
        return Mismatch(case, expected, outcome, rung, message, part, wrong, first)

    if isinstance(outcome, Died):
        return broken("died", _DEATHS[outcome.reason])
    if case.raises:
        if isinstance(outcome, Raised) and any(map(outcome.is_a, case.raises)):
            return None
        due = " or ".join(case.raises)
        did = f"raised {exception_name(outcome)}" if isinstance(outcome, Raised) else "returned something"
        return broken("raises", f"It should raise {due} here, but {did}.")
    if isinstance(outcome, Raised):
        return broken("raises", f"It raised {exception_name(outcome)}.")
    value = _with_numbers(outcome.value, expected)
    if value is None:
        return broken("none", "It returned None: is the `return` missing?")
    if isinstance(value, Other):
        due = "an array of numbers" if _is_array(value.type_name) else "a NumPy array"
        return broken("type", f"It returned {_a(value.type_name)} where {due} is due.")
    if isinstance(expected, tuple):
        arrays = _parts(value, len(expected))
        if arrays is None:
            count = f"{len(value)} arrays" if isinstance(value, tuple) and len(value) > 1 else "one array"
            return broken("count", f"It returned {count}, where {len(expected)} are due.")
        found = _first_broken(arrays, expected, tolerance)
        return None if found is None else broken(*found)
    if isinstance(value, tuple):
        return broken("type", f"It returned {len(value)} arrays in a sequence, where one array is due.")
    assert isinstance(expected, np.ndarray)
    rung = _rung(value, expected, tolerance)
    return None if rung is None else broken(rung[0], rung[1], None, rung[2])


def _with_numbers(value: Value, expected: Value | tuple[str, ...]) -> Value:
    """A returned value, Python's numbers in it as arrays where such without dimensions are due."""
    due = expected if isinstance(expected, tuple) else (expected,)
    if (
        isinstance(value, Other)
        and len(value.numbers) == len(due)
        and all(isinstance(part, np.ndarray) and part.ndim == 0 for part in due)
        and (value.type_name in ("tuple", "list")) == isinstance(expected, tuple)
    ):
        return value.numbers if isinstance(expected, tuple) else value.numbers[0]
    return value


def _first_broken(
    arrays: Sequence[Array], expected: tuple[Any, ...], tolerance: Tolerance
) -> tuple[Rung, str, int, Array | None] | None:
    """The first of several results that is not as it should be."""
    for part, (got, due) in enumerate(zip(arrays, expected, strict=True)):
        rung = _rung(got, due, tolerance)
        if rung is not None:
            return rung[0], f"Result {part + 1} of {len(expected)}: {rung[1]}", part, rung[2]
    return None


def told_of_hidden(mismatch: Mismatch) -> Mismatch:
    """The mismatch on a hidden input, as it may be told: without sizes that its numbers could decide.

    What follows from the sizes of the input stays: they are the same for all.
    """
    case, value = mismatch.case, mismatch.outcome.value if isinstance(mismatch.outcome, Returned) else None
    if mismatch.rung in ("type", "count") and isinstance(value, tuple) and len(value) > _FEW:
        due = f"{len(mismatch.expected)} are" if isinstance(mismatch.expected, tuple) else "one array is"
        return replace(mismatch, message=f"It returned too many arrays in a sequence, where {due} due.")
    if mismatch.rung != "shape":
        return mismatch
    expected: Any = mismatch.expected
    got: Any = value
    if mismatch.part is not None:
        got, expected = got[mismatch.part], expected[mismatch.part]
    if _follows(got.shape, [np.shape(argument) for argument in (*case.args, expected)]):
        return mismatch
    before, _, _ = mismatch.message.partition("Its shape is ")
    return replace(mismatch, message=f"{before}Its shape is not {_shape(expected)}, which is due.")


_FEW = 3  # arrays in a sequence: so many are told even where others are due


def _follows(shape: tuple[int, ...], known: Sequence[tuple[int, ...]]) -> bool:
    """Whether each size is one of the known ones, or the product of two, in no more dimensions than these have."""
    sizes = {0, 1, *(size for one in known for size in one)}
    made = {one * other for one in sizes for other in sizes}
    return len(shape) <= max(map(len, known)) + 1 and set(shape) <= made


def wrong_cells(got: Array, expected: Array, tolerance: Tolerance) -> Array:
    """Which cells of two arrays of one shape are not equal: further apart than absolute + relative · largest expected."""
    finite = np.isfinite(expected)
    largest = float(np.max(np.abs(expected[finite]), initial=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        # Booleans have no difference in NumPy, and small whole numbers a wrong one.
        exact = np.result_type(got, expected, np.float64)
        near = (
            np.abs(np.subtract(got, expected, dtype=exact))
            <= tolerance.absolute + tolerance.relative * largest
        )
    wrong: Array = ~np.where(finite, near, got == expected)
    return wrong


def same_outcome(one: Outcome, other: Outcome, tolerance: Tolerance) -> bool:
    """Whether two outcomes are the same result: equal values, or an exception of the same class."""
    if isinstance(one, Raised) or isinstance(other, Raised):
        return isinstance(one, Raised) and isinstance(other, Raised) and _known(one) == _known(other)
    if isinstance(one, Died) or isinstance(other, Died):
        return isinstance(one, Died) and isinstance(other, Died) and one.reason == other.reason
    return same_value(one.value, other.value, tolerance)


def same_value(one: Value, other: Value, tolerance: Tolerance) -> bool:
    """Whether two returned values are equal within the tolerance, nan equal to nan."""
    if isinstance(other, tuple) and not isinstance(one, tuple):
        one, other = other, one
    if isinstance(one, tuple):
        parts = None if other is None or isinstance(other, Other) else _parts(other, len(one))
        return parts is not None and all(
            same_value(left, right, tolerance) for left, right in zip(one, parts, strict=True)
        )
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape:
            return False
        both_nan = np.isnan(one) & np.isnan(other)
        return not np.any(wrong_cells(one, other, tolerance) & ~both_nan)
    return one == other if not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) else False


def changed_inputs(case: Case, outcome: Outcome) -> bool:
    """Whether the function changed its arguments, seen by asking for them back and comparing here."""
    if not isinstance(outcome, Returned):
        return False
    return any(
        not _untouched(before, after) for before, after in zip(case.args, outcome.args_after, strict=False)
    )


def _untouched(before: Array | list[str], after: Array | list[str] | None) -> bool:
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and np.array_equal(before, after, equal_nan=True)
        )
    return isinstance(after, list) and before == after


def _parts(value: Array | tuple[Array, ...], count: int) -> tuple[Array, ...] | None:
    """A sequence of `count` arrays; an array stacked along its first axis serves as one."""
    if isinstance(value, np.ndarray):
        value = tuple(value) if value.ndim > 1 and len(value) == count else ()  # never millions of rows
    return value if len(value) == count else None


def _rung(got: Array, expected: Array, tolerance: Tolerance) -> tuple[Rung, str, Array | None] | None:
    if got.shape != expected.shape:
        return "shape", f"Its shape is {_shape(got)}, where {_shape(expected)} is due.", None
    if got.dtype.kind == "c" and not np.any(got.imag):
        got = got.real
    got = got.astype(np.complex128 if got.dtype.kind == "c" else np.float64)
    lost = ~np.isfinite(got) & np.isfinite(expected)
    if np.any(lost):
        what = "nan" if np.any(np.isnan(got[lost])) else "inf"
        return "finite", f"It holds {what} where a finite number is due.", lost
    wrong = wrong_cells(got, expected, tolerance)
    if np.any(wrong):
        count, size = int(np.sum(wrong)), wrong.size
        return (
            "values",
            f"{count} of {size} numbers {agree(count, 'is', 'are')} wrong."
            if size > 1
            else "The number is wrong.",
            wrong,
        )
    return None


def _shape(array: Array) -> str:
    return "(" + ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "") + ")"


def exception_name(outcome: Raised) -> str:
    """The class of an exception, where it is a known one: a name of the student's own could carry a hidden input."""
    return outcome.exception if outcome.exception in _KNOWN_EXCEPTIONS else "an exception of its own"


def _known(raised: Raised) -> str:
    """The class of an exception, or the known one that a class of the student's own inherits from."""
    kinds = (raised.exception, *raised.ancestors)
    return next((kind for kind in kinds if kind in _KNOWN_EXCEPTIONS), raised.exception)


_ARRAY = "array of "  # as the child calls those that are no numbers, with their dtype after it


def _is_array(name: str) -> bool:
    return name.startswith(_ARRAY)


def _a(name: str) -> str:
    if _is_array(name):
        dtype = name.removeprefix(_ARRAY)
        is_text = dtype.startswith(("<U", ">U", "|S"))
        return f"an array of {'text' if is_text else 'objects' if dtype.startswith('object') else 'another kind'}"
    if name not in _KNOWN_TYPES:
        return "an object of another type"
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"

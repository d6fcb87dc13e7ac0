"""Compares what a function did on one case with what it should have done, rung by rung."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np

from autograder import nested
from autograder.checking import kinds, numbers, overlooked, sentences
from autograder.checking.numbers import differing, wrong_cells
from autograder.child import figures
from autograder.data import Array, Code, Other, Seeded, Table, Value
from autograder.mismatch import Mismatch, Rung
from autograder.records import Case, Died, Outcome, Raised, Returned, Tolerance
from autograder.words import ARRAY_OF, a_type, agree

Expected: TypeAlias = "Value | tuple[str, ...]"  # exception classes, where the case has `raises`

_NUMERIC: Final = "biufc"
_KNOWN_EXCEPTIONS = {
    name
    for name, thing in vars(builtins).items()
    if isinstance(thing, type) and issubclass(thing, BaseException)
} | {"LinAlgError", "AxisError"}
_DEATHS = {
    "timeout": "It did not finish in the time allowed.",
    "out-of-memory": "It used more memory than allowed.",
    "crashed": "The process that ran it ended before it returned.",
}


def compare(case: Case, expected: Expected, outcome: Outcome, tolerance: Tolerance) -> Mismatch | None:
    """The first broken rung of the ladder, or None where all hold.

    That is none → type → count → shape → finite → values where arrays are due, and what `kinds.py` says of other
    values. `expected` is what is due or, where the case has `raises`, the exception classes that are.
    """

    def broken(rung: Rung, message: str, part: int | None = None, wrong: Array | None = None) -> Mismatch:
        first = None if wrong is None else tuple(map(int, np.unravel_index(wrong.argmax(), wrong.shape)))
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
    if tolerance.exact or not are_arrays(expected):
        found = kinds.find(expected, outcome.value, tolerance)
        if found is None:
            return None
        message = sentences.about(case, expected, outcome.value, found)
        return replace(broken(found.rung, message), differences=found.differences)
    return _arrays(as_arrays(outcome.value), expected, tolerance, broken)


def _arrays(
    value: Value, expected: Any, tolerance: Tolerance, broken: Callable[..., Mismatch]
) -> Mismatch | None:
    """The ladder of one array or of several."""
    if value is None:
        return broken("none", "It returned None: is the `return` missing?")
    if isinstance(value, Other):
        due = "an array of numbers" if value.type_name.startswith(ARRAY_OF) else "a NumPy array"
        if isinstance(expected, tuple):
            due = f"{len(expected)} arrays"
            if value.type_name in ("tuple", "list"):
                held = f"{a_type(value.type_name)} in which not all are NumPy arrays"
                return broken("type", f"It returned {held}, where {due} should be.")
        return broken("type", f"It returned {a_type(value.type_name)} where {due} should be.")
    if isinstance(expected, tuple):
        arrays = _parts(value, len(expected))
        if arrays is None:
            count = f"{len(value)} arrays" if isinstance(value, tuple) and len(value) > 1 else "one array"
            return broken("count", f"It returned {count}, and should return {len(expected)}.")
        found = _first_broken(arrays, expected, tolerance)
        return None if found is None else broken(*found)
    if isinstance(value, tuple):
        if not any(isinstance(part, np.ndarray) and part.ndim for part in value):
            return broken("type", _NUMBERS)
        return broken("type", f"It returned {len(value)} arrays in a sequence, and should return one array.")
    assert isinstance(value, np.ndarray)
    rung = _rung(value, expected, tolerance)
    return None if rung is None else broken(rung[0], rung[1], None, rung[2])


def are_arrays(expected: Expected) -> bool:
    """Whether one array of numbers or several are due, for which any way to hand them on serves."""
    parts = expected if isinstance(expected, tuple) else (expected,)
    return bool(parts) and all(
        isinstance(part, np.ndarray) and part.ndim > 0 and part.dtype.kind in _NUMERIC for part in parts
    )


def held_against(case: Case, expected: Expected, outcome: Outcome, tolerance: Tolerance) -> Outcome:
    """An outcome as it is held against what is due, for the trial that keeps both.

    Where arrays or an exception are due, any sequence of arrays is one of several results, and of all else only its
    type is kept. What a drawing that is due leaves open is left out of another, and what does not count in a table is
    as in the one that is due.
    """
    if not isinstance(outcome, Returned):
        return outcome
    if case.asks == "drawing" and not case.raises:
        return replace(outcome, value=figures.as_asked(outcome.value, expected))
    if not tolerance.exact and (case.raises or are_arrays(expected)):
        value = as_arrays(outcome.value)
    else:
        value = overlooked.as_asked(outcome.value, expected, tolerance)
    return outcome if value is outcome.value else replace(outcome, value=value)


def as_arrays(value: Value) -> Value:
    """A value as one array or several of numbers; as the name of its type where it is anything else."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return (
            array if array.dtype.kind in _NUMERIC else Other(f"{ARRAY_OF}{array.dtype}, shape {array.shape}")
        )
    parts: Sequence[Any] = value if isinstance(value, tuple | list) else ()
    if any(isinstance(part, np.ndarray | np.generic) for part in parts) and all(map(_is_part, parts)):
        return tuple(np.asarray(part) for part in parts)
    return value if value is None or isinstance(value, Other) else Other(nested.type_name(value))


def _is_part(value: Any) -> bool:
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in _NUMERIC
    return nested.is_number(value)


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
    """The mismatch on a hidden input, as it may be told: without keys, places and sizes that its numbers could decide.

    What follows from the sizes of the input stays: they are the same for all.
    """
    case, value = mismatch.case, mismatch.outcome.value if isinstance(mismatch.outcome, Returned) else None
    if value is not None and not case.raises and not are_arrays(mismatch.expected):
        of_its_type = mismatch.rung == "type" and not mismatch.differences
        told = mismatch.message if of_its_type else sentences.HIDDEN.get(case.asks) or _HIDDEN[mismatch.rung]
        if mismatch.rung == "columns" and getattr(mismatch.expected, "kind", "DataFrame") != "DataFrame":
            told = "Its name is not what it should be."
        return replace(mismatch, message=told, differences=())
    if mismatch.message == _NUMBERS:
        return mismatch
    if mismatch.rung in ("type", "count") and isinstance(value, tuple) and len(value) > _FEW:
        due = f"{len(mismatch.expected)}" if isinstance(mismatch.expected, tuple) else "one array"
        return replace(
            mismatch, message=f"It returned too many arrays in a sequence, and should return {due}."
        )
    if mismatch.rung != "shape":
        return mismatch
    expected: Any = mismatch.expected
    got: Any = value
    if mismatch.part is not None:
        got, expected = got[mismatch.part], expected[mismatch.part]
    known = [np.shape(part) for part in (*nested.arrays(tuple(case.args)), expected)]
    known += [(len(argument),) for argument in case.args if isinstance(argument, list)]
    if _follows(got.shape, known):
        return mismatch
    before, _, _ = mismatch.message.partition("Its shape is ")
    return replace(mismatch, message=f"{before}Its shape should be {_shape(expected)}, and is another.")


# Of other values than arrays that are due on hidden inputs, what of each rung is told.
_HIDDEN: Final[Mapping[Rung, str]] = {
    "type": "Something in it is of another kind than it should be.",
    "shape": "An array has another shape than it should.",
    "dtype": "It holds another kind of values than it should.",
    "values": "What came back is not what it should be.",
    "length": "It has another number of entries than it should.",
    "keys": "Its keys are not those that it should have.",
    "items": "Its items are not those that it should have.",
    "text": "The text is not what it should be.",
    "columns": "Its columns are not those that it should have.",
    "index": "Its row labels (the index) are not those that it should have.",
}
_FEW = 3  # arrays in a sequence: so many are told even where others are due
_NUMBERS: Final = "It returned numbers in a list or a tuple where a NumPy array should be."
_NAN: Final = "\0nan"  # which stands in no answer


def _follows(shape: tuple[int, ...], known: Sequence[tuple[int, ...]]) -> bool:
    """Whether each size is one of the known ones, or the product of two, in no more dimensions than these have."""
    sizes = {0, 1, *(size for one in known for size in one)}
    made = {one * other for one in sizes for other in sizes}
    return len(shape) <= max(map(len, known)) + 1 and set(shape) <= made


def same_outcome(one: Outcome, other: Outcome, tolerance: Tolerance) -> bool:
    """Whether two outcomes are the same result: equal values, or an exception of the same class."""
    if isinstance(one, Raised) or isinstance(other, Raised):
        return isinstance(one, Raised) and isinstance(other, Raised) and _known(one) == _known(other)
    if isinstance(one, Died) or isinstance(other, Died):
        return isinstance(one, Died) and isinstance(other, Died) and one.reason == other.reason
    return same_value(one.value, other.value, tolerance)


def same_value(one: Value, other: Value, tolerance: Tolerance) -> bool:
    """Whether two returned values are equal within the tolerance, nan equal to nan.

    Of what cannot cross, or was no array where one is due, the types are compared.
    """
    if isinstance(one, Other) or isinstance(other, Other):
        # A tuple of anything is not the tuple of arrays that it should be.
        return not (are_arrays(one) or are_arrays(other)) and nested.type_name(one) == nested.type_name(other)
    if isinstance(other, tuple) and not isinstance(one, tuple):
        one, other = other, one
    if isinstance(one, tuple) and are_arrays(one):
        parts = _parts(other, len(one)) if isinstance(other, np.ndarray | tuple) else None
        return parts is not None and all(
            same_value(left, right, tolerance) for left, right in zip(one, parts, strict=True)
        )
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or (one.dtype.kind in _NUMERIC) != (other.dtype.kind in _NUMERIC):
            return False
        if one.dtype.kind not in _NUMERIC:
            # As in a column of a table, where a missing time is a missing time.
            return one.dtype.kind == other.dtype.kind and not bool(
                numbers.wrong_in_column(one, other, tolerance).any()
            )
        return numbers.same(one, other, tolerance)
    return kinds.equal(_nan_as_text(one), _nan_as_text(other), tolerance)


def _nan_as_text(value: Any) -> Any:
    """A value with a text in the place of each nan, which equals itself; in a table nan does."""
    if isinstance(value, list | tuple):
        return type(value)(map(_nan_as_text, value))
    if isinstance(value, set | frozenset):
        return frozenset(map(_nan_as_text, value))
    if isinstance(value, dict):
        return {_nan_as_text(key): _nan_as_text(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc" and value.ndim:
        missing = np.isnan(value)
        return (missing, np.where(missing, 0, value)) if missing.any() else value
    return _NAN if nested.is_number(value) and bool(value != value) else value


def changed_inputs(case: Case, outcome: Outcome) -> bool:
    """Whether the function changed its arguments, seen by asking for them back and comparing here."""
    if isinstance(outcome, Died):
        return False
    return any(
        not _untouched(before, after)
        for before, after in zip(case.args, outcome.args_after, strict=False)
        # A function or a generator comes back as something else than what stands for it.
        if not any(isinstance(leaf, Code | Seeded) for leaf in nested.leaves(before))
    )


def _untouched(before: Any, after: Any) -> bool:
    """Whether two values are the same to the last bit, and of the same types all through."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        kind = before.dtype.kind
        # Times of another unit are another array, and may have no common measure.
        alike = before.dtype == after.dtype if kind in "mM" else kind == after.dtype.kind
        same = alike and before.shape == after.shape
        return same and bool(np.array_equal(before, after, equal_nan=kind in "fcmM"))
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_untouched, before.values(), after.values()))
    if isinstance(before, Table):
        one, other = (
            [(column.name, column.dtype, column.cells) for column in (*table.columns, *table.index)]
            for table in (before, after)
        )
        return before.kind == after.kind and _untouched(one, other)
    return not bool(differing(after, before)) or (before != before and after != after)


def _parts(value: Any, count: int) -> tuple[Array, ...] | None:
    """A sequence of `count` arrays; an array stacked along its first axis serves as one."""
    if isinstance(value, np.ndarray):
        value = tuple(value) if value.ndim > 1 and len(value) == count else ()  # never millions of rows
    return value if len(value) == count and all(isinstance(part, np.ndarray) for part in value) else None


def _rung(got: Array, expected: Array, tolerance: Tolerance) -> tuple[Rung, str, Array | None] | None:
    if got.shape != expected.shape:
        return "shape", f"Its shape is {_shape(got)}, and should be {_shape(expected)}.", None
    got_kind = got.dtype.kind
    if got.dtype.kind == "c" and not np.any(got.imag):
        got = got.real
    got = got.astype(np.complex128 if got.dtype.kind == "c" else np.float64, copy=False)
    finite = np.isfinite(got)
    if not finite.all():
        lost = ~finite & np.isfinite(expected)
        if lost.any():
            what = "nan" if np.any(np.isnan(got[lost])) else "inf"
            return "finite", f"It holds {what} where a finite number should be.", lost
    wrong = wrong_cells(got, expected, tolerance)
    if wrong.any():
        count, size = int(np.count_nonzero(wrong)), wrong.size
        return (
            "values",
            f"{count} of {size} numbers {agree(count, 'is', 'are')} wrong."
            if size > 1
            else "The number is wrong.",
            wrong,
        )
    if expected.dtype.kind == "b" and got_kind != "b":  # True is not 1, alone and in an array
        return "type", "It holds numbers where True and False should be.", None
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

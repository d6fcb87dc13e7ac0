"""What a test cell compared, held against each other as everywhere else: how what came differs from what was due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.adopted.papers import Failure
from autograder.adopted.subject import Subject
from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.mismatch import Mismatch
from autograder.records import Case, Returned, Tolerance

DEFAULT: Final = Tolerance()
_EXACT: Final = Tolerance(0.0, 0.0)
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{8}){4,16}", re.IGNORECASE)  # as a helper of the test's gives one
_EQUAL: Final = frozenset({"==", "close", "is"})


@dataclass(frozen=True)
class Compared:
    """Two values that should have been the same."""

    got: Any
    expected: Any
    mismatch: Mismatch | None  # None: they differ in nothing that is looked at here
    trial: Trial | None  # the same, as the rest of the kit has it
    is_dust: bool = False  # they differ in the last digits of numbers alone


def compared(failure: Failure, subject: Subject) -> Compared | None:
    """What an equality compared; None of any other comparison."""
    beside = failure.beside
    if beside is None or beside.absent or failure.comparison not in _EQUAL:
        return None
    got, expected = _alike(beside.got, beside.expected, failure.comparison)
    asked = subject.asked if subject.is_result else None
    case = Case(subject.said, asked.arguments if asked is not None else ())
    for tolerance in (DEFAULT, _EXACT):
        mismatch = compare(case, expected, Returned(got), tolerance)
        if mismatch is not None:
            trial = Trial(case, expected, mismatch.outcome, mismatch, False)
            return Compared(got, expected, mismatch, trial, is_dust=tolerance is _EXACT)
    return Compared(got, expected, None, None)


def _alike(got: Any, expected: Any, comparison: str) -> tuple[Any, Any]:
    """Both in the form in which the test compares them: where one is an array, a list of numbers is one as well."""
    arrays = [isinstance(side, np.ndarray) and side.ndim > 0 for side in (got, expected)]
    if comparison == "is" or not any(arrays):
        return got, expected
    one, other = (
        side if is_array else _as_array(side) for side, is_array in zip((got, expected), arrays, strict=True)
    )
    if arrays[0] and isinstance(other, np.ndarray) and other.ndim < one.ndim:
        try:
            other = np.broadcast_to(other, one.shape)
        except ValueError:
            return got, expected
    return one, other


def _as_array(value: Any) -> Any:
    """A number, or a list of numbers, as an array; anything else as it is."""
    if nested.is_number(value):
        return np.asarray(value)
    if not isinstance(value, list | tuple) or not nested.holds_numbers(value):
        return value
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return value
    return array if array.dtype.kind in "biufc" else value


def length_is_wrong(failure: Failure) -> bool:
    """Whether it is the length of something that is not as it should be."""
    return failure.said.startswith("len(") or failure.said.endswith(".size")


def shape_is_wrong(failure: Failure) -> bool:
    """Whether it is the shape of something that is not as it should be."""
    return failure.said.endswith((".shape", ".ndim")) or ".shape[" in failure.said


def type_is_wrong(failure: Failure) -> bool:
    """Whether it is the type of something that is not as it should be."""
    return failure.comparison in ("isinstance", "type", "not isinstance", "not type")


def is_hashed(failure: Failure) -> bool:
    """Whether not the value itself is compared, but a checksum of it."""
    if any(word in failure.said for word in ("hexdigest(", "hash(", "crc32(", "md5(")):
        return True
    sides = () if failure.beside is None else (failure.beside.got, failure.beside.expected)
    return bool(sides) and all(type(side) is str and _DIGEST.fullmatch(side) for side in sides)


OPPOSITES: Final[Mapping[str, str]] = {
    "!=": "and should not",
    "is not": "and should not",
    "not close": "and should not",
}

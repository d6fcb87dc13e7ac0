"""A result as a few numbers: enough to know it again within the tolerance, too few to read it from.

What every mistake that the kit can think of does on every input would be megabytes of arrays. Each result is
written down as three sums of all its numbers, each number with a weight of its own: two results that differ give
other sums, and a result that agrees within the tolerance gives the same ones nearly.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.course.rounding import rounded
from autograder.data import Array, Other, Table, Value
from autograder.explaining.trials import parts_of
from autograder.records import Died, Outcome, Raised, Tolerance

SUMS: Final = 3
_MOST: Final = 2**20  # numbers of one result: of one with more, which no exercise asks for, the sizes are all
_SHORT: Final = 20_000  # numbers whose weights are kept, and entries that are written down
_LARGEST: Final = 1e300  # of what is a number like others
_COARSE: Final = 100.0  # so that different ways to one result rarely end in different steps
# Plain numbers: the weights must be the same on every machine, but for their last digits.
_TURNS: Final = (1.0, 2.0**0.5, 3.0**0.5)


@dataclass(frozen=True)
class Sketch:
    """What came, as its kind and a few sums."""

    form: str  # such as "(4, 5)" for an array of that shape, or "raises ValueError"
    sums: Array  # (SUMS,) of all its finite numbers, weighted
    largest: float = 0.0  # of these numbers, without sign
    length: float = 0.0  # of the longest row of weights

    def near(self, other: Sketch, tolerance: Tolerance) -> bool:
        """Whether this one is `other`, which is known by form and sums alone, within the tolerance."""
        if self.form != other.form:
            return False
        with np.errstate(invalid="ignore", over="ignore"):
            return bool(np.all(np.abs(self.sums - other.sums) <= self._apart(tolerance)))

    def rounded(self, tolerance: Tolerance) -> Sketch:
        """This one with sums that are the same on every machine; they may be near zero, their terms are not."""
        return Sketch(self.form, rounded(self.sums, self._apart(tolerance)), self.largest, self.length)

    def key(self, tolerance: Tolerance) -> tuple[Any, ...]:
        """By which those that cannot be told apart are found: they share it, nearly all."""
        return self.form, *rounded(self.sums, _COARSE * self._apart(tolerance)).tolist()

    def _apart(self, tolerance: Tolerance) -> float:
        """The least difference of sums that is told."""
        # What rounding adds to the sums grows as the length of the weights, not as their number.
        return (tolerance.absolute + tolerance.relative * self.largest) * max(self.length, 1.0)


@dataclass(frozen=True, eq=False)
class Sketched:
    """A symptom of which no more is known than what its results on known inputs look like."""

    results: Mapping[str, Sketch | None]  # by name of the case; None: as it should be


def of(outcome: Outcome) -> Sketch:
    """The sketch of an outcome."""
    nothing = np.zeros(SUMS)
    if isinstance(outcome, Raised):
        return Sketch(f"raises {outcome.exception}", nothing)
    if isinstance(outcome, Died):
        return Sketch(f"died {outcome.reason}", nothing)
    if outcome.value is None or isinstance(outcome.value, Other):
        return Sketch(f"returns {nested.type_name(outcome.value)}", nothing)
    arrays = parts_of(outcome.value)
    if not arrays:
        return _of_value(outcome.value)
    if any(array.dtype.kind == "c" for array in arrays):
        return Sketch(f"returns {nested.type_name(outcome.value)}", nothing)
    shapes = [array.shape for array in arrays]
    if len(arrays) > 1 and len(set(shapes)) == 1:  # stacked into one array, it would be the same result
        shapes = [(len(arrays), *shapes[0])]
    form = " ".join(map(str, shapes))
    if sum(array.size for array in arrays) > _MOST:
        return Sketch(form, nothing)
    return _of_numbers(form, np.concatenate([np.ravel(one).astype(float) for one in arrays]))


def _of_value(value: Value) -> Sketch:
    """The sketch of what is no array: its numbers, and all else in the form, as whoever knows it would write it down."""
    numbers: list[float] = []
    digest = hashlib.sha256(_without(value, numbers).encode("utf-8", "replace")).hexdigest()[:16]
    return _of_numbers(f"{nested.type_name(value)} {digest}", np.array(numbers, dtype=float))


def _without(value: Any, numbers: list[float]) -> str:
    """A value as text without its numbers, which are put with `numbers`, in an order that is the same everywhere."""
    if isinstance(value, Table):
        columns = [
            (column.name, column.dtype, list(column.cells)) for column in (*value.columns, *value.index)
        ]
        return f"{value.kind} {_without(columns, numbers)}"
    if isinstance(value, dict):
        entries = sorted(value.items(), key=lambda entry: nested.text(entry[0]))
        return "".join(f"{nested.text(key)}: {_without(inner, numbers)}, " for key, inner in entries).join(
            "{}"
        )
    if isinstance(value, set | frozenset):
        return " ".join(sorted(map(nested.text, value))).join("{}")
    if isinstance(value, list | tuple):
        name = nested.type_name(value)
        return f"{name} {len(value)} " + " ".join(_without(inner, numbers) for inner in value)
    if isinstance(value, np.ndarray) and value.size > (_MOST if value.dtype.kind in "biuf" else _SHORT):
        return f"{value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        numbers.extend(np.ravel(value).astype(float).tolist())
        return str(value.shape)
    if nested.is_number(value) and not isinstance(value, complex) and _size(value) < _LARGEST:
        numbers.append(float(value))
        return "number"
    return repr(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)


def _size(value: Any) -> float | int:
    """A number without its sign; as Python's own, since half precision holds no large number to compare it with."""
    size: float | int = abs(value.item() if isinstance(value, np.generic) else value)
    return size


def _of_numbers(form: str, numbers: Array) -> Sketch:
    """The sketch of these numbers, which stand in what `form` says."""
    finite = np.isfinite(numbers)
    if not finite.all():
        kinds = np.isnan(numbers) + 2 * np.isposinf(numbers) + 3 * np.isneginf(numbers)
        form += f" {zlib.crc32(kinds.astype(np.uint8).tobytes()):08x}"  # where nan and infinity stand
        numbers = np.where(finite, numbers, 0.0)
    largest = float(np.abs(numbers).max(initial=0.0))
    # Whether a sum of the largest numbers there are overflows hangs on the order in which they are added up.
    fits = math.isfinite(largest * len(numbers))
    sums = _weights(len(numbers)) @ numbers if fits else np.full(SUMS, np.inf)
    return Sketch(form, sums, largest, math.sqrt(len(numbers)))


def _weights(count: int) -> Array:
    """One row of weights for each sum, all of them between −1 and 1 and without a pattern."""
    return _kept_weights(count) if count <= _SHORT else _made_weights(count)


def _made_weights(count: int) -> Array:
    places = np.arange(1.0, count + 1.0)
    return np.array([np.cos(turn * places**2) for turn in _TURNS])


_kept_weights = lru_cache(maxsize=64)(_made_weights)

"""Which arrays are the same within a tolerance: one and another, and one among many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from autograder.checking import numbers
from autograder.data import Array
from autograder.records import Tolerance


def same(one: Array | None, other: Array | None, tolerance: Tolerance) -> bool:
    """Whether two arrays are there and have the same values, nan like nan."""
    if one is None or other is None or one.shape != other.shape:
        return False
    # Most are the same to the last digit, and the rest takes ten times as long.
    return one is other or bool(np.all(one == other)) or numbers.same(one, other, tolerance)


@dataclass(frozen=True)
class Alike:
    """Arrays of one shape. Those of doubles are looked through at once: nearly all are far from any other value."""

    doubles: Sequence[Array]
    cells: Array  # of the doubles, each in a row of its own
    largest: Array  # finite number of each, in size
    others: Sequence[Array]

    @classmethod
    def of(cls, arrays: Sequence[Array]) -> Self:
        """These arrays."""
        doubles = [one for one in arrays if one.dtype.char == "d"]
        cells = np.array([one.ravel() for one in doubles])
        largest = np.array([np.abs(one[np.isfinite(one)]).max(initial=0.0) for one in doubles])
        return cls(doubles, cells, largest, [one for one in arrays if one.dtype.char != "d"])

    def near(self, value: Array, tolerance: Tolerance) -> Iterator[Array]:
        """Those that may be the same, as `wrong_cells` has it: of the rest one number is too far off."""
        yield from self.others
        if value.dtype.char != "d" or not self.doubles:
            yield from self.doubles
            return
        limits = tolerance.absolute + tolerance.relative * self.largest
        far = np.any(np.abs(value.ravel() - self.cells) > limits[:, None], axis=1)
        yield from (one for one, is_far in zip(self.doubles, far, strict=True) if not is_far)

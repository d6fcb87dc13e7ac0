"""Inputs like those that a test cell gives a function: the same call with other numbers, words and orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.course import drawing
from autograder.data import Argument, Code, Other, Seeded

_Arguments = tuple[Argument, ...]
MOST_LEAVES: Final = 2_000  # numbers and texts of one call
_SPREAD: Final = 0.3  # of a number, by which another one lies apart


def is_plain(args: _Arguments) -> bool:
    """Whether a call holds nothing but plain values, and not too many of them."""
    count = 0
    for leaf in nested.leaves(args):
        count += leaf.size if isinstance(leaf, np.ndarray) else 1
        if isinstance(leaf, Other | Code | Seeded) or count > MOST_LEAVES:
            return False
    return True


def other(rng: np.random.Generator, calls: Sequence[_Arguments]) -> _Arguments:
    """A call like one of these: lone values in the range of those seen in their place, lists in another order."""
    base = calls[int(rng.integers(len(calls)))]
    seen = [[call[place] for call in calls if place < len(call)] for place in range(len(base))]
    made = tuple(_other(rng, value, alike) for value, alike in zip(base, seen, strict=True))
    return drawing.other_numbers(rng, made)


def _other(rng: np.random.Generator, value: Any, seen: Sequence[Any]) -> Any:
    if isinstance(value, bool):
        return seen[int(rng.integers(len(seen)))]
    if isinstance(value, int):
        numbers = [one for one in seen if type(one) is int]
        low, high = min(numbers), max(numbers)
        # Whoever is asked for the third is asked for the second too, and never for one below all that were asked for.
        return int(rng.integers(min(low, max(1, high - 3)), high + 1)) if high > 0 else value
    if isinstance(value, float):
        return round(value * (1 + _SPREAD * float(rng.uniform(-1, 1))), 3)
    if isinstance(value, str):
        texts = [one for one in seen if isinstance(one, str)]
        return texts[int(rng.integers(len(texts)))]
    if isinstance(value, list | tuple) and len(value) > 1:
        return type(value)(value[int(place)] for place in rng.permutation(len(value)))
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "iuf" and len(value) > 1:
        return value[rng.permutation(len(value))]
    return value

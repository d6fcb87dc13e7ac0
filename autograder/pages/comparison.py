"""A student's result beside the one that was due, as tables with the wrong cells marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import starmap, zip_longest
from typing import Any

import numpy as np

from autograder.data import Array
from autograder.drawing import shades
from autograder.pages.tables import Table, Tables, legible, tables, writer
from autograder.records import Explanation


@dataclass(frozen=True)
class Pair:
    """A table of the student's result beside the one that was due; either may be absent."""

    got: Table | None
    expected: Table | None


@dataclass(frozen=True)
class Comparison:
    """The student's result beside the expected one."""

    got: Tables | None
    expected: Tables | None
    pairs: tuple[Pair, ...]
    difference: Tables | None
    wrong: int  # how many cells differ
    size: int
    shades: str  # what the shades of the cells say; empty where there are none
    got_first: str  # the first wrong cell as the student has it, empty where there is none
    expected_first: str


def compare(explanation: Explanation) -> Comparison | None:
    """The tables of both results; None where there is neither."""
    got, expected = (
        None if side is None else legible(side) for side in (explanation.got, explanation.expected)
    )
    if got is None and expected is None:
        return None
    alike = got is not None and expected is not None and got.shape == expected.shape
    wrong, first = (explanation.wrong, explanation.first) if alike else (None, None)
    apart = None if first is None else _at(first, got, expected)
    write = writer(*(array for array in (got, expected) if array is not None), apart=apart)
    # Both by one scale, so that the same shade is the same number.
    largest = None if expected is None or expected.dtype.kind not in "fiu" else shades.largest_of(expected)
    left, right = (
        None
        if array is None
        else tables(array, write=write, wrong=wrong, first=first, labels=explanation.labels, largest=largest)
        for array in (got, expected)
    )
    pairs = tuple(starmap(Pair, zip_longest(left.tables if left else (), right.tables if right else ())))
    return Comparison(
        got=left,
        expected=right,
        pairs=pairs,
        difference=_difference(explanation) if alike else None,
        wrong=0 if wrong is None else int(wrong.sum()),
        size=0 if wrong is None else wrong.size,
        shades=_shades(pairs),
        got_first=write(apart[0]) if apart else "",
        expected_first=write(apart[1]) if apart else "",
    )


def _shades(pairs: Iterable[Pair]) -> str:
    """What the shades of these tables say, in a sentence without its full stop."""
    both = (table for pair in pairs for table in (pair.got, pair.expected) if table is not None)
    kinds = {entry.shade[:1] for table in both for row in table.rows for entry in row.entries}
    if kinds <= {""}:
        return ""
    return "the deeper a shade, the larger the number" + ("; orange is below 0" if "n" in kinds else "")


def _at(place: tuple[int, ...], *arrays: Array | None) -> tuple[Any, ...]:
    return tuple(array[place].item() for array in arrays if array is not None)


def _difference(explanation: Explanation) -> Tables | None:
    """Got less expected, where numbers can be subtracted and are wrong."""
    got, expected, wrong = explanation.got, explanation.expected, explanation.wrong
    if got is None or expected is None or got.dtype.kind not in "fiub" or wrong is None or not wrong.any():
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.asarray(got, dtype=float) - expected
    difference = np.where(wrong, difference, 0.0)
    return tables(
        difference,
        write=writer(difference),
        wrong=wrong,
        first=explanation.first,
        labels=explanation.labels,
    )

"""Arrays as tables to read: the part that matters, numbers that line up, the wrong cells marked.

A table is data. The pages and the terminal each draw it in their own way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from autograder.data import Array
from autograder.drawing import shades
from autograder.pages.literals import line
from autograder.words import counted

MOST_ROWS = 12
MOST_COLUMNS = 10
MOST_SLICES = 3
MOST_IN_A_CELL = 40  # characters

# first: the wrong cell that is worked out; missing: due and not there; extra: there and not due
Mark: TypeAlias = Literal["", "wrong", "first", "missing", "extra"]
Writer: TypeAlias = Callable[[Any], str]


@dataclass(frozen=True)
class Entry:
    """One cell."""

    text: str
    mark: Mark = ""
    shade: str = ""  # how large its number is, as `drawing.shades` names it; empty where it is small or none


@dataclass(frozen=True)
class Label:
    """What a row or column is called."""

    place: int | None  # None where it has a name alone
    word: str = ""  # the token it stands for
    note: str = ""  # what it holds, such as a dtype
    mark: Mark = ""


@dataclass(frozen=True)
class Row:
    """One row; a one-dimensional array has a single row without a label."""

    label: Label | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """One array of at most two dimensions, or one slice of a larger one."""

    place: str  # which slice, such as "[0]"; empty where the table is the whole array
    columns: tuple[Label, ...]  # empty for a single number
    rows: tuple[Row, ...]
    corner: str = ""  # what the labels of the rows are called

    @property
    def shaded(self) -> bool:
        """Whether any of its cells has a shade."""
        return any(entry.shade for row in self.rows for entry in row.entries)


@dataclass(frozen=True)
class Tables:
    """One array, as one table or as a sequence of slices."""

    shape: str  # in words: "5 × 4", "4 entries", "a single number"
    tables: tuple[Table, ...]  # none where the array holds nothing
    left_out: str  # a sentence, empty where everything is shown


def tables(
    array: Array,
    *,
    write: Writer,
    wrong: npt.NDArray[np.bool_] | None = None,
    first: tuple[int, ...] | None = None,
    labels: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
    largest: float | None = None,
) -> Tables:
    """The array as tables, cut to the part around `first` where it is larger than a screen.

    `wrong` and `first` are passed over where they do not belong to an array of this shape, and so are `labels`
    (rows, columns) of another length. `largest` is the number that is shaded deepest, by itself the array's largest.
    """
    array = legible(array)
    is_shaded = array.size > 1 and array.dtype.kind in "fiu"
    if is_shaded and largest is None:
        largest = shades.largest_of(array)
    if wrong is not None and wrong.shape != array.shape:
        wrong = None
    if first is not None and (
        len(first) != array.ndim or any(i >= n for i, n in zip(first, array.shape, strict=True))
    ):
        first = None
    if array.size == 0:
        return Tables(shape_in_words(array.shape), (), "")
    grid = array.shape[-2:]
    row_window = window(grid[0], MOST_ROWS, first[-2] if first else 0) if array.ndim > 1 else range(1)
    column_window = window(grid[-1], MOST_COLUMNS, first[-1] if first else 0) if array.ndim else range(1)
    slices = tuple(_slices(array.shape[:-2], first[:-2] if first else None))
    row_labels = _labels(labels and labels[0], grid[0] if array.ndim > 1 else 0)
    column_labels = _labels(labels and labels[1], grid[-1] if array.ndim else 0)

    shown = []
    for place in slices:
        part = _cut(array[place], row_window, column_window)
        marks = None if wrong is None else _cut(wrong[place], row_window, column_window)
        here = first is not None and first[:-2] == place
        shaded = shades.names(part, largest) if is_shaded else [[""] * len(column_window)] * len(row_window)
        rows = []
        for i, row, names in zip(row_window, part.tolist(), shaded, strict=True):
            entries = []
            for k, (j, x) in enumerate(zip(column_window, row, strict=True)):
                mark: Mark = ""
                if marks is not None and marks[i - row_window.start, k]:
                    mark = "first" if here and first in ((*place, i, j), (j,), ()) else "wrong"
                entries.append(Entry(write(x), mark, names[k]))
            rows.append(Row(row_labels(i) if array.ndim > 1 else None, tuple(entries)))
        columns = tuple(column_labels(j) for j in column_window) if array.ndim else ()
        shown.append(Table(f"[{', '.join(map(str, place))}]" if place else "", columns, tuple(rows)))
    left_out = _left_out(array.shape, slices, row_window, column_window, around=first is not None)
    return Tables(shape_in_words(array.shape), tuple(shown), left_out)


def writer(*arrays: Array, apart: tuple[Any, Any] | None = None) -> Writer:
    """How to write the numbers of these arrays so that they line up and can be compared.

    Whole numbers stand without decimals, others with as many as give the largest four significant digits or
    so, and with as many more as it takes for the two numbers of `apart` to look different.
    """
    if any(array.dtype.kind not in "fiubc" for array in arrays):
        return _write_word
    sizes = [np.abs(array[np.isfinite(array)]) for array in arrays if array.dtype.kind in "fiub"]
    finite = np.concatenate([size.astype(float).ravel() for size in sizes]) if sizes else np.empty(0)
    top = float(finite.max()) if finite.size else 0.0
    whole = top < 1e6 and bool(np.all(finite == np.round(finite)))
    significant = not whole and not 1e-3 <= top < 1e5
    digits = 0 if whole else 4 if significant else max(1, 3 - max(0, math.floor(math.log10(top))))

    write = _writer(significant, digits)
    for more in range(1, 8):
        if apart is None or write(apart[0]) != write(apart[1]):
            break
        write = _writer(significant, digits + more)
    return write


def legible(array: Array) -> Array:
    """An array of times as texts, of no more digits than it takes; any other as it is."""
    if array.dtype.kind not in "mM":
        return array
    for unit in ("D", "m", "s", "ms", "us") if array.dtype.kind == "M" else ():
        coarse = array.astype(f"M8[{unit}]")
        if np.array_equal(coarse.astype(array.dtype), array, equal_nan=True):
            return coarse.astype(str)
    return array.astype(str)


def shape_in_words(shape: tuple[int, ...]) -> str:
    """A shape as people say it: "5 × 4", "4 entries", "a single number"."""
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return counted(shape[0], "entry", "entries")
    return " × ".join(map(str, shape))


def _write_word(x: Any) -> str:
    return (
        x if isinstance(x, str) and len(x) <= MOST_IN_A_CELL and x.isprintable() else line(x, MOST_IN_A_CELL)
    )


def _writer(significant: bool, digits: int) -> Writer:
    spec = f"z.{digits}{'g' if significant else 'f'}"

    def write(x: Any) -> str:
        if isinstance(x, complex):
            return f"{x:.4g}".replace("-", "−")
        x = float(x)
        if math.isinf(x):
            return "∞" if x > 0 else "−∞"
        return format(x, spec).replace("-", "−")  # nan writes itself

    return write


def window(size: int, most: int, centre: int) -> range:
    """At most `most` consecutive places of `size`, with `centre` among them and a little before it."""
    start = max(0, min(centre - most // 3, size - most))
    return range(start, min(size, start + most))


def _slices(leading: tuple[int, ...], first: tuple[int, ...] | None) -> Iterator[tuple[int, ...]]:
    """The slices to show: a few in order, the one with the first wrong cell among them."""
    count = math.prod(leading)
    centre = int(np.ravel_multi_index(first, leading)) if first else 0
    for flat in islice(window(count, MOST_SLICES, centre), MOST_SLICES):
        yield tuple(int(i) for i in np.unravel_index(flat, leading)) if leading else ()


def _cut(array: Array, rows: range, columns: range) -> Array:
    return np.atleast_2d(array)[rows.start : rows.stop, columns.start : columns.stop]


def _labels(given: tuple[str, ...] | None, size: int) -> Callable[[int], Label]:
    if given is None or len(given) != size:
        return Label
    return lambda i: Label(i, given[i])


def _left_out(
    shape: tuple[int, ...], slices: tuple[tuple[int, ...], ...], rows: range, columns: range, *, around: bool
) -> str:
    parts = []
    if len(slices) < math.prod(shape[:-2]):
        first, last = (", ".join(map(str, place)) for place in (slices[0], slices[-1]))
        parts.append(f"slices [{first}] to [{last}] of {' × '.join(map(str, shape[:-2]))}")
    if len(shape) > 1 and len(rows) < shape[-2]:
        parts.append(f"rows {rows.start} to {rows.stop - 1} of {shape[-2]}")
    if shape and len(columns) < shape[-1]:
        parts.append(f"columns {columns.start} to {columns.stop - 1} of {shape[-1]}")
    if not parts:
        return ""
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    place = ", around the first wrong cell" if around else ""
    return f"Shown: {listed}{place}. The rest is left out."

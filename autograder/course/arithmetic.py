"""Which cells of its operands a cell comes of, for each usual operation of NumPy, and the arithmetic in words.

An operation reads its operands as they are or by a view of them (a transpose, a slice). Where a cell of the view comes
from is seen by taking the same view of an array that holds each place's own number. So each operation says once how its
cells come of cells, and the rest follows from the end of a function backwards: which cells play a part in one of its
result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from autograder.course.steps import Index, Values, dot, number, row, total
from autograder.data import Array

Kind: TypeAlias = Literal["entries", "fold", "product", "moved", "joined", "kept", "other"]

_NOWHERE: Final = -1  # in the place of a cell that comes of another operand
_SIGNS: Final = {  # of the operations entry by entry: how their arithmetic is written
    "add": "{} + {}",
    "subtract": "{} − {}",
    "multiply": "{} · {}",
    "divide": "{} / {}",
    "floor_divide": "{} // {}",
    "remainder": "{} mod {}",
    "power": "{} to the power of {}",
    "negative": "−{}",
    "square": "{}²",
    "sqrt": "√{}",
    "abs": "|{}|",
    "absolute": "|{}|",
    "greater": "{} > {}",
    "greater_equal": "{} ≥ {}",
    "less": "{} < {}",
    "less_equal": "{} ≤ {}",
    "equal": "{} = {}",
    "not_equal": "{} ≠ {}",
    "logical_not": "not {}",
}
_OF: Final = {
    "argmax": "place of the largest",
    "argmin": "place of the smallest",
    "norm": "length",
    "prod": "product",
    "ptp": "spread",
    "std": "standard deviation",
    "var": "variance",
}


@dataclass(frozen=True)
class Read:
    """One operand of an operation, as it is read."""

    symbol: str  # whose cells they are; empty for a number alone, such as a size
    view: Callable[..., Any]  # what is read, of the step's operands in their order
    root: Callable[..., Any] | None = None  # of a number that is a square root: what it is the root of


@dataclass(frozen=True)
class Operation:
    """How the cells of a step's value come of those of its operands."""

    kind: Kind
    key: str = ""  # NumPy's name for it
    reads: tuple[Read, ...] = ()
    axes: Callable[..., Any] | None = None  # of a fold: the axis that it runs along, of the step's operands
    letters: tuple[tuple[str, ...], str] | None = (
        None  # of a product by einsum: each operand's, and the result's
    )

    def sources(self, operands: Mapping[str, Any], result: Any, cells: Array) -> list[Array]:
        """For each read, a row of places in its operand for each of these cells of the result (counted flat).

        `operands` are the values of all operands, in order. Of a read that is a number alone the row is empty.
        """
        shape, found = np.shape(result), []
        at: tuple[Array, ...] = tuple(np.unravel_index(cells, shape)) if shape else ()
        offset = 0
        counts = self._counts(operands)
        for place, read in enumerate(self.reads):
            if not read.symbol:
                found.append(np.empty((len(cells), 0), int))
                continue
            held = operands[read.symbol]
            numbered = np.arange(np.size(held)).reshape(np.shape(held))
            seen = np.asarray(read.view(*({**operands, read.symbol: numbered}).values()))
            if self.kind == "fold":
                found.append(self._folded(seen, operands, cells))
            elif self.kind == "product":
                found.append(self._multiplied(seen, place, counts, shape, at))
            elif self.kind == "joined":
                numbers = [np.full(np.shape(one.view(*operands.values())), _NOWHERE) for one in self.reads]
                numbers[place] = seen
                found.append(np.asarray(self._join(numbers)).reshape(-1)[cells][:, None])
            else:
                found.append(np.broadcast_to(seen, shape).reshape(-1)[cells][:, None])
            offset += seen.size
        return found

    def _counts(self, operands: Mapping[str, Any]) -> list[int]:
        if self.kind != "product":
            return []
        return [np.ndim(read.view(*operands.values())) for read in self.reads]

    def _join(self, parts: list[Array]) -> Array:
        assert self.axes is not None
        return np.asarray(self.axes(parts))

    def _folded(self, seen: Array, operands: Mapping[str, Any], cells: Array) -> Array:
        axis = None if self.axes is None else self.axes(*operands.values())
        if axis is None:
            return np.broadcast_to(seen.reshape(1, -1), (len(cells), seen.size))
        along = (axis,) if isinstance(axis, int | np.integer) else tuple(axis)
        count = int(np.prod([seen.shape[one] for one in along], dtype=int))
        last = np.moveaxis(seen, along, range(-len(along), 0))
        return last.reshape(-1, count)[cells]

    def _multiplied(
        self, seen: Array, place: int, counts: list[int], shape: tuple[int, ...], at: tuple[Array, ...]
    ) -> Array:
        """The places that are multiplied: rows of the first operand and columns of the second, or as einsum says."""
        if self.letters is not None:
            inputs, output = self.letters
            # The result's axes first, then those that are summed over.
            own = inputs[place]
            places: list[Any] = [
                at[output.index(letter)][:, None] if letter in output else None for letter in own
            ]
            summed = sorted({letter for one in inputs for letter in one} - set(output))
            sizes = [seen.shape[own.index(letter)] if letter in own else 1 for letter in summed]
            grid = np.indices(sizes).reshape(len(sizes), -1)
            for axis, letter in enumerate(own):
                if places[axis] is None:
                    places[axis] = grid[summed.index(letter)][None, :]
            return np.asarray(seen[tuple(np.broadcast_arrays(*places))] if places else seen.reshape(1, 1))
        count = len(at[0]) if at else 1
        if place == 0:
            if counts[0] == 1:
                return np.broadcast_to(seen, (count, seen.size))
            rows = at[: len(shape) - (counts[1] > 1)]
            wide = np.broadcast_to(seen, (*shape[: len(rows) - 1], *seen.shape[-2:]))
            return np.asarray(wide[rows])
        if counts[1] == 1:
            return np.broadcast_to(seen, (count, seen.size))
        columns = np.swapaxes(seen, -1, -2)
        before = at[: len(shape) - 1 - (counts[0] > 1)]
        wide = np.broadcast_to(columns, (*shape[: len(before)], *columns.shape[-2:]))
        return np.asarray(wide[(*before, at[-1])])

    def told(self, operands: Mapping[str, Any], result: Any, cell: int) -> str:
        """The arithmetic of one cell (counted flat), in numbers."""
        value = number(float(np.ravel(result)[cell]))
        if self.kind == "other":
            return value
        places = self.sources(operands, result, np.array([cell]))
        terms = [
            np.ravel(operands[read.symbol])[found[0][found[0] != _NOWHERE]].astype(float)
            if read.symbol
            else np.ravel(np.asarray(read.view(*operands.values()), dtype=float))[:1]
            for read, found in zip(self.reads, places, strict=True)
        ]
        match self.kind:
            case "product":
                if len(terms) != 2:
                    return value
                where = [
                    self._where(operands, read, found[0])
                    for read, found in zip(self.reads, places, strict=True)
                ]
                return f"{' · '.join(where)} = {dot(*terms)}"
            case "fold":
                return _folding(self.key, terms[0], value)
            case "entries":
                told = _entry(self.key, [number(float(one[0])) for one in terms])
                roots = [self._root(read, operands) for read in self.reads]
                if any(roots):
                    kept = [root or number(float(one[0])) for root, one in zip(roots, terms, strict=True)]
                    told = f"{_entry(self.key, kept)} = {told}"
                return f"{told} = {value}"
        for read, found in zip(self.reads, places, strict=True):
            if found.size and found[0, 0] != _NOWHERE:
                return f"{self._where(operands, read, found[0])} = {value}"
        return value

    def _root(self, read: Read, operands: Mapping[str, Any]) -> str:
        """A lone number as the root that it is, such as `√6`; empty where it is none."""
        if read.root is None or np.ndim(beneath := read.root(*operands.values())):
            return ""
        return f"√{number(float(beneath))}"

    def told_of_row(self, operands: Mapping[str, Any], result: Any, cells: Array) -> str:
        """The arithmetic of a whole row of cells at once; empty where it is not told in short.

        Of operations entry by entry that is one row and lone numbers, such as `row 2 − 0.5 = 1, 0`; of a product its
        first cell, and what the row is multiplied with besides.
        """
        place = _row_of(cells, np.shape(result))
        if place is None or self.kind not in ("entries", "product"):
            return ""
        found, row_ = self.sources(operands, result, cells), row(np.ravel(result)[cells].astype(float))
        if self.kind == "product":
            if len(self.reads) != 2 or not np.array_equal(found[0][0], found[0][-1]):
                return ""
            one = self._where(operands, self.reads[1], found[1][0]).partition("[")[2]
            if np.ndim(operands[self.reads[1].symbol]) != 2 or one == "":
                return ""
            kind = "column" if one.startswith(":") else "row"
            first = self.told(operands, result, int(cells[0]))
            return f"{first}; against every {kind} of {self.reads[1].symbol}: {row_}"
        terms, rows = [], 0
        for read, places in zip(self.reads, found, strict=True):
            if not read.symbol:
                alone = np.ravel(np.asarray(read.view(*operands.values()), dtype=float))
                terms.append(self._root(read, operands) or number(float(alone[0])))
            elif np.all(places == places[0]):
                terms.append(number(float(np.ravel(operands[read.symbol])[places[0, 0]])))
            else:
                at, rows = _row_of(places[:, 0], np.shape(operands[read.symbol])), rows + 1
                if at is None:
                    return ""
                terms.append(at)
        return f"{_entry(self.key, terms)} = {row_}" if rows == 1 else ""

    def _where(self, operands: Mapping[str, Any], read: Read, places: Array) -> str:
        """A cell, row or column of an operand: `Query[0]`, `Value[:, 2]`."""
        shape = np.shape(operands[read.symbol])
        if not shape:
            return read.symbol
        along = [f"{axis[0]}" if np.all(axis == axis[0]) else ":" for axis in np.unravel_index(places, shape)]
        while len(along) > 1 and along[-1] == ":":
            along.pop()
        return read.symbol if along == [":"] else f"{read.symbol}[{', '.join(along)}]"


def _entry(key: str, terms: Sequence[str]) -> str:
    """An operation entry by entry on numbers, or on rows, as they are written."""
    if key == "power" and terms[1:] == ["2"]:
        return f"{_apart(terms[0])}²"
    sign = _SIGNS.get(key)
    if sign is None:
        of_row = len(terms) == 1 and terms[0].startswith("row ")
        return f"{key} of {terms[0]}" if of_row else f"{key}({', '.join(terms)})"
    if len(terms) == 1:
        return sign.format(_apart(terms[0]))
    return sign.format(terms[0], *map(_apart, terms[1:]))


def _apart(term: str) -> str:
    """A number on the right of a sign: a negative one in parentheses."""
    return f"({term})" if term.startswith("−") else term


def _row_of(cells: Array, shape: tuple[int, ...]) -> str | None:
    """The row of an array, `row 2`, that just these cells are, counted flat and in order; None where they are none."""
    if len(shape) != 2 or len(cells) != shape[-1] or len(cells) < 2:
        return None
    number = int(cells[0]) // shape[-1]
    return f"row {number}" if np.array_equal(cells, number * shape[-1] + np.arange(shape[-1])) else None


def _folding(key: str, terms: Array, value: str) -> str:
    match key:
        case "sum" if terms.size:
            return total(terms)
        case "mean":
            return f"mean of {row(terms)} = {value}"
        case "max" | "min" | "amax" | "amin":
            return f"{key.removeprefix('a')}({row(terms)}) = {value}"
    return f"{_OF.get(key, key)} of {row(terms)} = {value}"


# --------------------------------------------------------------------------------------- backwards through the steps


@dataclass(frozen=True)
class Link:
    """A step on the way back: what it makes, and of what."""

    symbol: str
    operands: tuple[str, ...]
    operation: Operation


@dataclass(frozen=True, eq=False)
class Chain:
    """The steps of a function from the last to the first, for the cells that play a part in one of its result.

    Where one cell of a step is taken as it is, and others in a sum that writes them out, they are not told twice.
    """

    links: tuple[Link, ...]
    returns: tuple[str, ...]
    # The last cell that was asked for, with the cells of every step that play a part in it: all steps ask in turn.
    _last: list[Any] = field(default_factory=list, compare=False, repr=False)

    def parts(self, values: Values, index: Index) -> Mapping[str, Array | None]:
        """The cells of each step, counted flat, that play a part in a cell of the result; None: which is not known."""
        if self._last and self._last[0] is values and self._last[1] == index:
            return self._last[2]  # type: ignore[no-any-return]
        found = self._found(values, index)
        self._last[:] = [values, index, found]
        return found

    def _found(self, values: Values, index: Index) -> dict[str, Array | None]:
        which, place = (
            (self.returns[0], index) if len(self.returns) == 1 else (self.returns[index[0]], index[1:])
        )
        cell = np.ravel_multi_index(place, np.shape(values[which])) if place else 0
        found: dict[str, Array | None] = {which: np.array([cell], dtype=int)}
        # The cells of steps that a sum or a product writes out already.
        steps, listed = {link.symbol for link in self.links}, dict[str, Any]()
        for link in reversed(self.links):
            if link.symbol in listed:
                found.setdefault(link.symbol, listed[link.symbol])
            if link.symbol not in found:
                continue
            cells = found[link.symbol]
            if cells is None or link.operation.kind == "other":
                found |= {symbol: None for symbol in link.operands if found.get(symbol) is None}
                continue
            operands = {symbol: values[symbol] for symbol in link.operands}
            for read, places in zip(
                link.operation.reads,
                link.operation.sources(operands, values[link.symbol], cells),
                strict=True,
            ):
                if not read.symbol:
                    continue
                fresh = places[places != _NOWHERE].ravel()
                writes_out = link.operation.kind in ("fold", "product") and read.symbol in steps
                into: dict[str, Any] = listed if writes_out else found
                before = into.get(read.symbol)
                both = fresh if before is None else np.concatenate([before, fresh])
                if both.size:
                    _, first = np.unique(both, return_index=True)
                    into[read.symbol] = both[np.sort(first)]
        return found


@dataclass(frozen=True, eq=False)
class Cell:
    """The arithmetic of one step behind a cell of the final result."""

    chain: Chain
    link: Link

    def __call__(self, values: Values, index: Index) -> str:
        """It in numbers; empty where the step plays no part."""
        parts = self.chain.parts(values, index)
        link = self.link
        if link.symbol not in parts or link.operation.kind == "kept":
            return ""
        cells, result = parts[link.symbol], values[link.symbol]
        if cells is None:  # which of its cells it is, cannot be followed
            return f"it gives {row(np.ravel(result).astype(float))}" if np.size(result) else ""
        operands = {symbol: values[symbol] for symbol in link.operands}
        if len(cells) > 1 and (told := link.operation.told_of_row(operands, result, cells)):
            return told
        first = link.operation.told(operands, result, int(cells[0]))
        if len(cells) == 1:
            return first
        others = row(np.ravel(result)[cells[1:]].astype(float))
        return f"{first}; and so on: {others}"

"""Nodes as values, none of them believed: whatever they say, a value of the closed union comes of it or an error.

An array is refused by its dtype, dimensions and size before its bytes are touched; keys that all have one hash,
which would take a dictionary hours, before there is a dictionary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from autograder.child import frames, nodes
from autograder.child.nodes import Node, ValueData, WireError
from autograder.data import Array, Code, Column, Other, Seeded, Table, Value

# What stands for an object of the other side's.
Held: TypeAlias = nodes.HandleData | nodes.CallableData | nodes.LibraryData

_MAX_ALIKE: Final = 8  # keys of one hash: chance gives no more


def unpack(
    data: ValueData,
    *,
    given: Callable[[Any], Any] | None = None,
    held: Callable[[Held], Any] | None = None,
) -> Any:
    """The value that data describes; WireError where it does not hold together.

    Arrays are read-only. With `given` it is an argument: tables, functions and generators go through it, and arrays
    may be written to. Without it there are no functions and generators.

    With `held` in its place it is what a notebook is asked or answers that is run cell by cell: handles and functions
    of the asking side go through that, further kinds of values (`kin.py`) are made, tables are pandas objects, arrays
    may be written to, and there is no code.
    """
    reading = _Reading(data.nodes if isinstance(data, nodes.Tree) else [data], given, held)
    value = reading.value(0)
    if reading.left:
        raise WireError("more than one value")
    return value


class _Reading:
    """The values of nodes, one after the other."""

    def __init__(
        self,
        nodes: Sequence[Node],
        given: Callable[[Any], Any] | None,
        held: Callable[[Held], Any] | None = None,
    ) -> None:
        self._nodes, self._given, self._held, self._place = nodes, given, held, 0

    @property
    def left(self) -> int:
        """How many nodes have not been read."""
        return len(self._nodes) - self._place

    def value(self, depth: int) -> Any:
        """The next one, which lies so deep."""
        if not self.left or depth > nodes.MAX_DEPTH:
            raise WireError("it ends before it should, or goes too deep")
        node = self._nodes[self._place]
        self._place += 1
        match node:
            case nodes.PlainData(value=value):
                return value
            case nodes.ArrayData():
                return unpack_array(node, writable=(self._given or self._held) is not None)
            case nodes.ManyData(kind="dict", size=size):
                return _dictionary(self._many(2 * size, depth))
            case nodes.ManyData(kind=kind, size=size):
                return _collection(kind, self._many(size, depth))
            case nodes.TableData():
                return self._table(node, depth)
            case nodes.ColumnData():
                raise WireError("a column outside of a table")
            case nodes.HandleData() | nodes.CallableData() | nodes.LibraryData() if self._held is not None:
                return self._held(node)
            case nodes.KinData(kind=kind, size=size, names=names) if self._held is not None:
                from autograder.child import kin  # its kinds take modules that no other values need

                return kin.made(kind, self._many(size, depth), names, _dictionary)
            case nodes.CodeData() | nodes.SeededData():
                if self._given is None:
                    raise WireError("what is sent to a child alone")
                return self._given(
                    Code(node.source) if isinstance(node, nodes.CodeData) else Seeded(node.seed)
                )
            case _:
                return _leaf(node)

    def _many(self, size: int, depth: int) -> list[Any]:
        if size > self.left:
            raise WireError("it ends before it should")
        values = []
        for _ in range(size):
            # Words, most often, and no more to do with them. Where it ends too early is told below.
            node = self._nodes[self._place] if self._place < len(self._nodes) else None
            if type(node) is nodes.PlainData and depth < nodes.MAX_DEPTH:
                self._place += 1
                values.append(node.value)
            else:
                values.append(self.value(depth + 1))
        return values

    def _table(self, node: nodes.TableData, depth: int) -> Any:
        columns = [self._column(depth) for _ in range(min(node.columns, self.left))]
        index = [self._column(depth) for _ in range(min(node.index, self.left))]
        rows = {len(column.cells) for column in (*columns, *index)}
        one = node.kind == "DataFrame" or len(columns) == 1
        if (len(columns), len(index)) != (node.columns, node.index) or len(rows) > 1 or not one:
            raise WireError("a table whose columns do not go together")
        table = Table(node.kind, tuple(columns), tuple(index))
        if self._held is not None:
            return _pandas_object(table)
        return table if self._given is None else self._given(table)

    def _column(self, depth: int) -> Column:
        if not self.left or not isinstance(node := self._nodes[self._place], nodes.ColumnData):
            raise WireError("a table without its columns")
        self._place += 1
        name, cells = self.value(depth + 1), self.value(depth + 1)
        if not (isinstance(cells, np.ndarray) and cells.ndim == 1) and not isinstance(cells, tuple):
            raise WireError("a column without its cells")
        return Column(name, node.dtype, cells)


def _pandas_object(table: Table) -> Any:
    """WireError where pandas makes none of it, whatever it raises; it may lie."""
    try:
        return frames.pandas_object(table)
    except Exception:
        raise WireError("a table that is none") from None


def _leaf(node: Node) -> Any:
    match node:
        case nodes.ScalarData(dtype=dtype, data=data):
            return unpack_array(nodes.ArrayData(dtype, (), data))[()]
        case nodes.NumberData():
            return _unpack_number(node)
        case nodes.BytesData(data=data):
            return data
        case nodes.OtherData(type_name=name):
            return Other(name)
    raise WireError("no value")


def _unpack_number(node: nodes.NumberData) -> int | float | complex:
    try:
        if node.kind == "int":
            return int(node.text, 16)
        if node.kind == "float":
            return float(node.text)
        real, imaginary = node.text.split(" ")
        return complex(float(real), float(imaginary))
    except ValueError:
        raise WireError("a number that is none") from None


def _dictionary(entries: list[Any]) -> dict[Any, Any]:
    keys, values = entries[::2], entries[1::2]
    if len(keys) != len(values):
        raise WireError("a key without a value")
    _refuse_bad_keys(keys)
    return dict(zip(keys, values, strict=True))


def _collection(kind: str, entries: list[Any]) -> Any:
    if kind in ("list", "tuple"):
        return entries if kind == "list" else tuple(entries)
    _refuse_bad_keys(entries)
    return set(entries) if kind == "set" else frozenset(entries)


def _refuse_bad_keys(keys: list[Any]) -> None:
    """WireError where they cannot be keys, or take long to be, or some are the same."""
    try:
        hashes = Counter(map(hash, keys))
    except TypeError:
        raise WireError("a key that cannot be one") from None
    if max(hashes.values(), default=0) > _MAX_ALIKE or len(set(keys)) != len(keys):
        raise WireError("keys that are the same")


def unpack_array(data: nodes.ArrayData, *, writable: bool = False) -> Array:
    """The plain array that `data` describes, after checking that it can; WireError where it does not."""
    if not nodes.is_allowed(data.dtype):
        raise WireError("a dtype that is not allowed")
    if any(not 0 <= size <= nodes.MAX_BYTES for size in data.shape):
        raise WireError("dimensions are not allowed")
    dtype = np.dtype(data.dtype)
    if nodes.largest(data.shape, dtype.itemsize) > nodes.MAX_BYTES:
        raise WireError("dimensions are too large")
    if math.prod(data.shape) * dtype.itemsize != len(data.data):  # Python integers: no overflow
        raise WireError("size and shape disagree")
    if not dtype.itemsize:
        return np.zeros(data.shape, dtype)
    array = np.frombuffer(data.data, dtype).reshape(data.shape)
    if dtype.kind == "U":
        _refuse_no_characters(data.data)
    return array.copy() if writable else array


def _refuse_no_characters(data: bytes) -> None:
    """WireError where numbers are no characters: Python makes no text of them, nor can text be written with them."""
    codes = np.frombuffer(data, np.uint32)
    if np.any((codes > 0x10FFFF) | ((codes >= 0xD800) & (codes <= 0xDFFF))):
        raise WireError("text that is none")


def unpack_value(data: ValueData) -> Value:
    """What came from a child or stands in a file, as a value of the closed union."""
    value: Value = unpack(data)
    return value

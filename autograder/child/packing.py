"""Values as nodes: what is sent as an argument or a result, and what stands in a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from autograder.child import nodes
from autograder.child.nodes import Node, NoPlaceError, TooLargeError, ValueData
from autograder.data import Argument, Array, Code, Other, Seeded, Table

_INTEGER: Final = 2**63  # from which on a number does not fit a message as it is


@dataclass(frozen=True)
class Kin:
    """A value of a type beyond the closed union, taken apart (`kin.py`)."""

    kind: str
    parts: Sequence[Any]
    names: Sequence[str] = ()


def pack(value: Argument) -> ValueData:
    """A value of the closed union as data; NoPlaceError says what of it is none, TooLargeError that it is too much."""
    return pack_with(value, refuse)


def pack_with(value: Any, plain: Callable[[Any], Any]) -> ValueData:
    """The same, where `plain` gives for whatever is not of exactly one of the types a value that is."""
    found = _Packing(plain)
    found.add(value, 0)
    first = found.nodes[0]
    if len(found.nodes) == 1 and not isinstance(
        first, nodes.ManyData | nodes.TableData | nodes.ColumnData | nodes.KinData
    ):
        return first
    return nodes.Tree(found.nodes)


def refuse(value: Any) -> Any:
    """Raises NoPlaceError, which says what the value is."""
    if type(value) is np.ndarray:
        raise NoPlaceError(f"array of {value.dtype}")
    raise NoPlaceError(f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins."))


class _Packing:
    """The nodes of a value as they are met."""

    def __init__(self, plain: Callable[[Any], Any]) -> None:
        self.nodes: list[Node] = []
        self._plain = plain
        self._bytes = 0

    def add(self, value: Any, depth: int) -> None:
        """Appends the nodes of a value that lies so deep."""
        if depth > nodes.MAX_DEPTH or len(self.nodes) >= nodes.MAX_NODES:
            raise TooLargeError(
                f"it holds more than {nodes.MAX_NODES} values, or some {nodes.MAX_DEPTH} deep"
            )
        kind = type(value)
        if kind is np.ndarray and nodes.is_allowed(_sent_as(value.dtype).str):
            self.nodes.append(self._array(value))
        elif kind is str:
            self.nodes.append(nodes.PlainData(_encodable(value)))
        elif kind is list:
            self._add_all(nodes.ManyData("list", self._counted(value)), value, depth)
        elif kind is tuple:
            self._add_all(nodes.ManyData("tuple", self._counted(value)), value, depth)
        elif kind is set or kind is frozenset:
            named: Literal["set", "frozenset"] = "set" if kind is set else "frozenset"
            self._add_all(nodes.ManyData(named, self._counted(value)), value, depth, 1)
        elif kind is dict:
            entries = (one for entry in value.items() for one in entry)
            self._add_all(nodes.ManyData("dict", self._counted(value)), entries, depth, 2)
        elif kind is Table:
            self._add_table(value, depth)
        elif kind is Kin:
            self._add_all(nodes.KinData(value.kind, len(value.parts), tuple(value.names)), value.parts, depth)
        else:
            made = _leaf(value)
            if made is not None:
                self.nodes.append(made)
            else:
                self.add(self._plain(value), depth + 1)

    def _add_all(self, node: Node, values: Iterable[Any], depth: int, keys: int = 0) -> None:
        """Appends what holds these values, and them; each of so many is one by which others are found."""
        self.nodes.append(node)
        for number, value in enumerate(values):
            self.add(value, depth + 1)
            if (
                keys
                and number % keys == 0
                and isinstance(last := self.nodes[-1], nodes.OtherData | nodes.HandleData)
            ):
                raise NoPlaceError(last.type_name)

    def _add_table(self, table: Table, depth: int) -> None:
        self.nodes.append(nodes.TableData(table.kind, len(table.columns), len(table.index)))
        for column in (*table.columns, *table.index):
            self._add_all(nodes.ColumnData(column.dtype), (column.name, column.cells), depth)

    def _counted(self, value: Collection[Any]) -> int:
        if len(value) > nodes.MAX_NODES:
            raise TooLargeError(f"it holds more than {nodes.MAX_NODES} values")
        return len(value)

    def _array(self, value: Array) -> Node:
        array = pack_array(value)
        self._bytes += len(array.data)
        if self._bytes > nodes.MAX_BYTES:  # a list may hold one large array many times
            raise TooLargeError(f"its arrays take more than {nodes.MAX_BYTES} bytes")
        return array


def _leaf(value: Any) -> Node | None:
    """What holds no other value; None where it is none of the closed union."""
    kind = type(value)
    if value is None or kind is bool:
        return nodes.PlainData(value)
    if kind is float:
        return nodes.PlainData(value) if math.isfinite(value) else nodes.NumberData("float", repr(value))
    if kind is int:
        return _integer(value)
    if isinstance(value, np.generic):
        scalar = pack_array(np.asarray(value))
        return nodes.ScalarData(scalar.dtype, scalar.data)
    match value:
        case complex() if kind is complex:
            return nodes.NumberData("complex", f"{value.real!r} {value.imag!r}")
        case bytes() if kind is bytes:
            return nodes.BytesData(value)
        case Code(source=source):
            return nodes.CodeData(source)
        case Seeded(seed=seed):
            if not 0 <= seed < _INTEGER:
                raise NoPlaceError(f"the seed {seed}")
            return nodes.SeededData(seed)
        case Other(type_name=name):
            return nodes.OtherData(name)
        case nodes.HandleData() | nodes.CallableData() | nodes.LibraryData():
            return value
    return None


def _integer(value: int) -> Node:
    if -_INTEGER <= value < _INTEGER:
        return nodes.PlainData(value)
    if value.bit_length() > 4 * (nodes.MAX_DIGITS - 3):
        raise TooLargeError("it holds a number of very many digits")
    return nodes.NumberData("int", f"{value:x}")


def _encodable(text: str) -> str:
    """Half of a surrogate pair is legal in Python, and no message can carry it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def pack_array(array: Array) -> nodes.ArrayData:
    """An array as data; NoPlaceError where its dtype has no place on the wire, TooLargeError where it is too large."""
    array = array.astype(_sent_as(array.dtype), copy=False)
    if not nodes.is_allowed(array.dtype.str):
        raise NoPlaceError(f"array of {array.dtype}")
    # A broadcast view of 10^12 elements takes no memory; its copy would.
    if nodes.largest(array.shape, array.itemsize) > nodes.MAX_BYTES or array.ndim > nodes.MAX_DIMENSIONS:
        raise TooLargeError(f"an array of shape {array.shape} is too large for the wire")
    return nodes.ArrayData(array.dtype.str, array.shape, array.tobytes())


def _sent_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype as it crosses: no more than double precision, bytes in one order."""
    if dtype.kind in "fc" and dtype.itemsize > (8 if dtype.kind == "f" else 16):
        dtype = np.dtype(np.float64 if dtype.kind == "f" else np.complex128)
    return dtype.newbyteorder("<")

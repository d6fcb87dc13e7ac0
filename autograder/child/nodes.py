"""Plain values as data: what arguments and results are between the trusted side and student code, and in files.

Theory: a value that holds no other is one small struct. One that does is a flat list of such structs in the order in
which they are met, each container with the number of what follows: nothing is nested, so that a list is refused by
its length before it is read, whatever it pretends to hold. Types are a closed set, and what is built of them are
Python's own, NumPy's plain arrays and scalars, and `Table`; never an object of a class that the other side chose.

`packing.py` makes them, `unpacking.py` reads them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal, TypeAlias

from autograder.child.structs import Meta, Struct

MAX_BYTES: Final = 32 * 2**20  # of all arrays in a value
MAX_DIMENSIONS: Final = 8
MAX_NODES: Final = 100_000  # values in one value
MAX_DEPTH: Final = 50  # values inside values
MAX_DIGITS: Final = 3_500  # hexadecimal, of one whole number: of more, Python makes no decimal ones
MAX_TEXT: Final = 500  # characters of a type's name
# float128 and complex256 are converted by the sender; objects and records have no place here.
DTYPES: Final = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
)
_OTHER_DTYPE: Final = re.compile(
    r"<U\d{1,5}|\|S\d{1,5}|<[Mm]8(\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)


class WireError(Exception):
    """The other side sent what the protocol does not allow, or what is to be sent is none of it."""


class TooLargeError(WireError):
    """A value is larger than what crosses."""


class NoPlaceError(WireError):
    """A value, or something in it, is of a type that has no place on the wire."""


class _Node(Struct, array_like=True, forbid_unknown_fields=True):
    pass


Name: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT)]
_Dtype = Annotated[str, Meta(max_length=40)]


class ArrayData(_Node, tag="array"):
    """A plain array: closed list of dtypes, C order."""

    dtype: _Dtype
    shape: Annotated[tuple[int, ...], Meta(max_length=MAX_DIMENSIONS)]
    data: bytes


class ScalarData(_Node, tag="scalar"):
    """A NumPy scalar."""

    dtype: _Dtype
    data: bytes


class PlainData(_Node, tag="plain"):
    """None, a bool, a text, or a number of Python's own that is neither very large nor infinite."""

    value: bool | int | float | str | None


class NumberData(_Node, tag="number"):
    """A number of Python's own as text: hexadecimal for `int`, its parts for `complex`."""

    kind: Literal["int", "float", "complex"]
    text: Annotated[str, Meta(max_length=MAX_DIGITS)]


class BytesData(_Node, tag="bytes"):
    """Bytes."""

    data: bytes


class ManyData(_Node, tag="many"):
    """A container: so many values follow, twice as many for a dictionary."""

    kind: Literal["list", "tuple", "set", "frozenset", "dict"]
    size: Annotated[int, Meta(ge=0, le=MAX_NODES)]


class TableData(_Node, tag="table"):
    """A table: so many columns follow, and then so many levels of row labels."""

    kind: Literal["DataFrame", "Series", "Index"]
    columns: Annotated[int, Meta(ge=0, le=MAX_NODES)]
    index: Annotated[int, Meta(ge=0, le=MAX_DIMENSIONS)]


class ColumnData(_Node, tag="column"):
    """A column of a table: its name follows, and then its cells, an array or a tuple."""

    dtype: _Dtype


class CodeData(_Node, tag="code"):
    """A function as its source; to a child alone."""

    source: str


class SeededData(_Node, tag="seeded"):
    """A random generator by its seed; to a child alone."""

    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)]


Ability: TypeAlias = Literal["call", "iterate", "length", "item", "plain"]


class HandleData(_Node, tag="handle"):
    """An object that stays in the child, by number; where a notebook is asked cell by cell (`spoken.py`), and there alone."""

    id: Annotated[int, Meta(ge=0, le=2**31)]
    kind: Literal["function", "class", "exception", "iterator", "object"]  # exception: a class of them
    type_name: Name
    # What its type has a method for; plain: it inherits from a class of plain values and leaves equality to that.
    can: tuple[Ability, ...] = ()


class KinData(_Node, tag="kin"):
    """A value of another type of Python's own or pandas's (`kin.py`), of which so many parts follow; where handles are."""

    kind: Name
    size: Annotated[int, Meta(ge=0, le=MAX_NODES)]
    names: Annotated[tuple[Name, ...], Meta(max_length=1000)] = ()


class CallableData(_Node, tag="callable"):
    """A function of the asking side, by number; to a child alone."""

    id: Annotated[int, Meta(ge=0, le=2**31)]


class LibraryData(_Node, tag="library"):
    """What a module of both sides has under a name, such as `sqrt` of `math`; to a child alone."""

    module: Name
    name: Name


class OtherData(_Node, tag="other"):
    """What has no place here: the name of its type."""

    type_name: Name


Leaf: TypeAlias = (
    ArrayData
    | ScalarData
    | PlainData
    | NumberData
    | BytesData
    | CodeData
    | SeededData
    | HandleData
    | CallableData
    | LibraryData
    | OtherData
)
Node: TypeAlias = Leaf | ManyData | TableData | ColumnData | KinData


class Tree(_Node, tag="tree"):
    """A value that holds others: all of them in order, what holds them before them."""

    nodes: Annotated[list[Node], Meta(min_length=1, max_length=MAX_NODES)]


ValueData: TypeAlias = Leaf | Tree


def alike(one: ValueData, other: ValueData) -> bool:
    """Whether two values are the same in type too: 1 is not 1.0, and not True."""
    if one is other or one != other:
        return one is other
    pairs = zip(*(data.nodes if isinstance(data, Tree) else [data] for data in (one, other)), strict=True)
    return all(
        type(mine.value) is type(its.value)
        for mine, its in pairs
        if isinstance(mine, PlainData) and isinstance(its, PlainData)
    )


def is_allowed(dtype: str) -> bool:
    """Whether arrays of this dtype, as NumPy writes it, cross."""
    return dtype in DTYPES or _OTHER_DTYPE.fullmatch(dtype) is not None


def largest(shape: Sequence[int], itemsize: int) -> int:
    """The bytes of an array of this shape, or of what is left where its empty dimensions are summed over."""
    return math.prod(max(size, 1) for size in shape) * itemsize

"""Answers what a student's function asks a right one for: the arguments are the student's, and bounded before use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from autograder import nested
from autograder.child import messages, packing, unpacking
from autograder.child.nodes import WireError
from autograder.data import Argument, Other, Table, Value

MAX_BYTES: Final = 2**20  # of all arrays and texts of one argument
# Two legal arguments must not make an enormous product: the longest dimension where all are matrices at most,
# and where one of them has more dimensions, of which there are at most three. A list is as long as a dimension.
MAX_SIDE: Final = 1024
MAX_SIDE_OF_THREE: Final = 64
_MOST_DIMENSIONS: Final = 3

# Answers a call of a replaced function with its name and arguments: a value, or the exception that is due.
Answerer: TypeAlias = Callable[[str, Sequence[Argument]], "Value | Exception"]


def answered(answer: Answerer, ask: messages.Ask) -> messages.Answer:
    """The reply to an upcall; WireError where its arguments are none, or too large to be tried."""
    arguments = [unpacking.unpack_value(data) for data in ask.args]
    leaves = [leaf for argument in arguments for leaf in nested.leaves(argument)]
    if any(isinstance(leaf, Other) for leaf in leaves):
        return messages.Answer(None, "TypeError")
    sides = [side for argument in arguments for side in _sides(argument)]
    deep = any(_dimensions(argument) > 2 for argument in arguments)
    if (
        any(side > (MAX_SIDE_OF_THREE if deep else MAX_SIDE) for side in sides)
        or any(_dimensions(argument) > _MOST_DIMENSIONS for argument in arguments)
        or any(sum(map(_bytes, nested.leaves(argument))) > MAX_BYTES for argument in arguments)
    ):
        raise WireError("an argument of another function is too large")
    value: Any = answer(ask.name, arguments)
    if isinstance(value, Exception):
        return messages.Answer(None, type(value).__name__)
    return messages.Answer(packing.pack(value))


def _bytes(leaf: Any) -> int:
    """What a leaf takes, as far as it counts."""
    if isinstance(leaf, np.ndarray):
        return leaf.nbytes
    return len(leaf) if isinstance(leaf, str | bytes) else 8


def _sides(value: Any) -> Iterator[int]:
    """The lengths of all that has one, but for text."""
    if isinstance(value, np.ndarray):
        yield from value.shape
    elif isinstance(value, dict):
        yield len(value)
        for inner in value.values():
            yield from _sides(inner)
    elif isinstance(value, nested.CONTAINERS):
        yield len(value)
        for inner in value:
            yield from _sides(inner)
    elif isinstance(value, Table):
        yield len(value.columns)
        for column in value.columns:
            yield len(column.cells)


def _dimensions(value: Any) -> int:
    """How many there are: of an array its own, of lists in lists as an array has that is made of them."""
    if isinstance(value, np.ndarray):
        return value.ndim
    if isinstance(value, list | tuple):
        return 1 + max(map(_dimensions, value), default=0)
    inner = value.values() if isinstance(value, dict) else ()
    return max(map(_dimensions, inner), default=0)

"""What student code hands back, as data: only what the wire knows crosses, of anything else the name of its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.child import wire

# Taken before any cell has run: `np.asarray = None` is an honest mistake, and must not break more than itself.
_asarray = np.asarray


def value_data(value: Any) -> wire.ValueData:
    """A returned object as data: arrays and sequences of arrays, of anything else only its type's name."""
    match value:
        case np.ndarray() | np.generic():
            return _array_data(_asarray(value))
        case tuple() | list() if value and all(map(_is_number, value)):
            numbers = _numbers(value) if len(value) <= wire.MAX_PARTS else []
            return wire.OtherData(wire.clip(type(value).__name__), numbers)
        case tuple() | list() if value and all(map(_is_part, value)):
            # Together, too: a list may hold one large array many times.
            if sum(_asarray(part).nbytes for part in value) > wire.MAX_FRAME:
                return wire.OtherData(wire.clip(f"{type(value).__name__} of very large arrays"))
            parts = [_array_data(_asarray(part)) for part in value[: wire.MAX_PARTS]]
            if all(isinstance(part, wire.ArrayData) for part in parts):
                return wire.PartsData(parts)  # type: ignore[arg-type]  # narrowed by all()
        case list() if len(value) <= wire.MAX_WORDS and all(isinstance(word, str) for word in value):
            return wire.WordsData([str(word) for word in value])
    numbers = _numbers([value]) if _is_number(value) else []
    return wire.OtherData("" if value is None else wire.clip(type(value).__name__), numbers)


def failure(identity: int, error: BaseException, line: int | None = None) -> wire.Failure:
    """An exception as data; what its class inherits from says that it is one of the right kind."""
    name, *ancestors = [wire.clip(kind.__name__) for kind in type(error).__mro__]
    return wire.Failure(identity, name, wire.clip(error), line, ancestors[: wire.MAX_NAMES])


def _is_number(value: Any) -> bool:
    """Whether this is a number of Python's own; NumPy's are arrays without dimensions."""
    return isinstance(value, int | float | complex) and not isinstance(value, bool | np.generic)


def _is_part(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic) or _is_number(value)


def _numbers(values: Sequence[Any]) -> list[wire.ArrayData]:
    """Python's numbers as arrays; nothing where one of them is too large for that."""
    packed = [_array_data(_asarray(value)) for value in values]
    arrays = [data for data in packed if isinstance(data, wire.ArrayData)]
    return arrays if len(arrays) == len(packed) else []


def _array_data(array: np.ndarray[Any, Any]) -> wire.ArrayData | wire.OtherData:
    try:
        return wire.pack_array(array)
    except wire.WireError:
        return wire.OtherData(wire.clip(f"array of {array.dtype}, shape {array.shape}"))


def numbers_as_array(value: Any) -> Any:
    """An argument of a replaced function: an array where it is a number, or a nested list of them."""
    if isinstance(value, list | tuple):
        numbers = not all(isinstance(part, np.ndarray | str) for part in value)
    else:
        numbers = isinstance(value, int | float | complex)
    return _asarray(value) if numbers else value


def is_data(value: Any) -> bool:
    """Whether a notebook variable holds data, which a function should be handed instead of reading."""
    return isinstance(value, np.ndarray | np.generic | int | float | str | list | tuple | dict)

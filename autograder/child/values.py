"""What student code hands back, as data: only what is plain crosses, of anything else the name of its type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from autograder.child import frames, messages, packing
from autograder.child.nodes import OtherData, TooLargeError, ValueData, WireError
from autograder.data import Other
from autograder.words import ARRAY_OF, TOO_LARGE

# Taken before any cell has run: `np.asarray = None` is an honest mistake, and must not break more than itself.
_asarray, _ndarray = np.asarray, np.ndarray
# What a class inherits from, in the order in which it is looked at, and what makes a plain one of it.
_PLAIN: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__complex__),
    (bytes, bytes.__bytes__),
    (dict, lambda value: dict(dict.items(value))),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
)


def value_data(value: Any) -> ValueData:
    """A returned object as data; what inherits from a plain type counts as that, anything else only as its name."""
    try:
        return packing.pack_with(value, _plain)
    except TooLargeError:
        return OtherData(messages.clip(f"{_name(value)}{TOO_LARGE}"))
    except WireError:
        return OtherData(messages.clip(_name(value)))


def seen_again(value: Any) -> ValueData:
    """What was data before a call as data after it; what the call has spoilt so that it cannot be read, as that."""
    try:
        return value_data(value)
    except Exception:
        return OtherData("what can no longer be read")


def handed_back(args: Sequence[Any]) -> list[ValueData]:
    """Arguments as data after a call, whether that returned or raised."""
    return [seen_again(argument) for argument in args]


def failure(
    identity: int, error: BaseException, line: int | None = None, after: Sequence[ValueData] = ()
) -> messages.Failure:
    """An exception as data, with the arguments `after` it; what its class inherits from says that it is of the right kind."""
    name, *ancestors = [messages.clip(kind.__name__) for kind in type(error).__mro__]
    ancestors = ancestors[: messages.MAX_NAMES]
    return messages.Failure(identity, name, messages.clip(error), line, ancestors, list(after))


def _plain(value: Any) -> Any:
    """A value of exactly one of the types that cross."""
    if isinstance(value, _ndarray):
        return Other(messages.clip(_name(value))) if type(value) is _ndarray else _asarray(value)
    for kind, make in _PLAIN:
        if isinstance(value, kind):
            return make(value)
    if frames.is_pandas(value):
        return frames.table(value)
    return Other(messages.clip(_name(value)))


def _name(value: Any) -> str:
    if isinstance(value, _ndarray):
        return f"{ARRAY_OF}{value.dtype}, shape {value.shape}"
    return type(value).__name__


def is_data(value: Any) -> bool:
    """Whether a notebook variable holds data, which a function should be handed instead of reading."""
    return isinstance(value, np.ndarray | np.generic | int | float | str | list | tuple | dict)

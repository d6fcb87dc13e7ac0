"""The objects that stay in a child, by number, and how values with such objects in them are sent and received.

What is of exactly one of the types that cross, or of a kind that `kin.py` takes apart, is sent as data, in containers
too. Any other object is kept here, and its number goes in its place: the same object always has the same one, and what comes
back with that number is the object itself. A value that is too large to cross, or whose keys are such objects, is kept whole.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import operator
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np

from autograder.child import frames, kin, messages, nodes, packing, unpacking
from autograder.child.nodes import HandleData, TooLargeError, ValueData, WireError
from autograder.child.unpacking import Held

MAX_HELD: Final = 10_000  # objects
MAX_HELD_IN_ONE: Final = 1000  # in one value; of more it is kept whole
_ABILITIES: Final[Mapping[str, nodes.Ability]] = {
    "__call__": "call",
    "__iter__": "iterate",
    "__len__": "length",
    "__getitem__": "item",
}
_FUNCTIONS: Final = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    functools.partial,
    type(functools.lru_cache(len)),
    np.ufunc,
)
_asarray, _ndarray = np.asarray, np.ndarray  # before any cell has run
_MAKE: Final[Mapping[type, Callable[[Any], Any]]] = {
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    str: str.__str__,
    float: float.__float__,
    int: int.__int__,
}
_PLAIN: Final = (*_MAKE, _ndarray)
_BINARY: Final = (
    *(
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "pow",
        "matmul",
        "and_",
        "or_",
        "xor",
        "lshift",
        "rshift",
    ),
    *("iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul", "iand", "ior", "ixor"),
    *("lt", "le", "gt", "ge", "eq", "ne"),
)


def _changed(do: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The same with its sides changed."""
    return lambda one, other: do(other, one)


# By its name, what an operator does to the object and to the other side, if it takes one. Those of the first kind with
# an `r` before them have the sides changed.
OPERATORS: Final[Mapping[str, Callable[..., Any]]] = {
    **{name: getattr(operator, name) for name in (*_BINARY, "neg", "pos", "invert", "abs", "index")},
    **{f"r{name}": _changed(getattr(operator, name)) for name in _BINARY[:13]},
    **{"divmod": divmod, "rdivmod": _changed(divmod), "round": round, "hash": hash},
    **{"int": int, "float": float, "complex": complex, "bytes": bytes, "reversed": reversed, "dir": dir},
}


class TooManyHeldError(MemoryError):
    """More objects are kept for the other side than may be."""


class Handles:
    """The objects that are kept; numbers begin with `first`. `call_back` makes a function of one of the other side's."""

    def __init__(self, first: int, call_back: Callable[[int], Any]) -> None:
        self._next = first
        self._call_back = call_back
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # by the identity of an object

    def __getitem__(self, number: int | None) -> Any:
        """The object; ReferenceError where there is none of this number."""
        if number is None or number not in self._objects:
            raise ReferenceError("an object that is not kept")
        return self._objects[number]

    def drop(self, numbers: Sequence[int]) -> None:
        """Keeps these no longer."""
        for number in numbers:
            if number in self._objects:
                del self._numbers[id(self._objects.pop(number))]

    def hold(self, value: Any) -> HandleData:
        """The handle of an object; TooManyHeldError where there are too many."""
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_HELD:
                raise TooManyHeldError(f"more than {MAX_HELD} objects of the notebook are in use at once")
            number = self._numbers[id(value)] = self._next
            self._objects[number] = value
            self._next += 1
        return HandleData(number, _kind(value), messages.clip(type(value).__name__), _abilities(value))

    def data(self, value: Any) -> ValueData:
        """A value as data, objects in it as handles; whatever it is, something comes of it."""
        before = self._next
        try:
            return packing.pack_with(value, self._plain(before))
        except (WireError, ValueError, TypeError, RecursionError):
            self.drop(range(before, self._next))
            return self.hold(value)

    def array(self, value: Any) -> ValueData:
        """An object as an array; whatever NumPy raises."""
        return self.data(_asarray(value))

    def plain(self, value: Any) -> ValueData:
        """An object as the plain value that its class inherits from; TypeError where it inherits from none."""
        kind = plain_class(value)
        if kind is None:
            raise TypeError(f"a {type(value).__name__} is no plain value")
        return self.data(_asarray(value) if kind is _ndarray else _MAKE[kind](value))

    def each(self, values: Iterator[Any], count: int) -> tuple[nodes.Tree, list[Any], BaseException | None]:
        """Up to so many values as one list, fewer where they become too much; what did not go in, and what ended it.

        Of those that are too large to go in beside others, the handle does.
        """
        sent: list[nodes.Node] = []
        taken = size = 0
        while taken < count:
            try:
                value = next(values)
            except BaseException as error:
                return _list(taken, sent), [], error
            data = self.data(value)
            parts: Sequence[nodes.Node] = data.nodes if isinstance(data, nodes.Tree) else [data]
            weight = sum(len(part.data) for part in parts if isinstance(part, nodes.ArrayData))
            if len(parts) > nodes.MAX_NODES // 2 or weight > nodes.MAX_BYTES // 4:
                parts, weight = [self.hold(value)], 0
            if taken and (
                len(sent) + len(parts) > nodes.MAX_NODES // 2 or size + weight > nodes.MAX_BYTES // 2
            ):
                return _list(taken, sent), [value], None
            sent += parts
            taken, size = taken + 1, size + weight
        return _list(taken, sent), [], None

    def value(self, data: ValueData) -> Any:
        """The value that the other side sent, handles in it as their objects."""
        return self._own(unpacking.unpack(data, held=self._held))

    def _own(self, value: Any) -> Any:
        """A named tuple that was sent from here, as one of its own class again."""
        kind = type(value)
        if issubclass(kind, kin.Named):
            return value if value.of_ is None else value.of_(*map(self._own, value))
        if kind is list:
            value[:] = map(self._own, value)
        elif kind is tuple:
            return tuple(map(self._own, value))
        elif kind is dict:
            for key in value:
                value[key] = self._own(value[key])
        return value

    def _held(self, node: Held) -> Any:
        match node:
            case nodes.HandleData(id=number):
                return self[number]
            case nodes.CallableData(id=number):
                return self._call_back(number)
            case nodes.LibraryData(module=module, name=name):
                return operator.attrgetter(name)(importlib.import_module(module))

    def _plain(self, before: int) -> Callable[[Any], Any]:
        """What makes a value of exactly one of the types that cross of one that is none."""

        def plain(value: Any) -> Any:
            if frames.is_pandas(value):
                with contextlib.suppress(Exception):
                    return frames.table(value)
            else:
                parts = kin.parted(value)
                if parts is not None and parts.kind == "named" and not isinstance(value, kin.Named):
                    return packing.Kin("named", (self.hold(type(value)), *parts.parts[1:]), parts.names)
                if parts is not None:
                    return parts
            if self._next - before >= MAX_HELD_IN_ONE:
                raise TooLargeError(f"it holds more than {MAX_HELD_IN_ONE} objects")
            return self.hold(value)

        return plain


def _list(length: int, parts: list[nodes.Node]) -> nodes.Tree:
    return nodes.Tree([nodes.ManyData("list", length), *parts])


def _kind(value: Any) -> Literal["function", "class", "exception", "iterator", "object"]:
    if isinstance(value, type):
        return "exception" if issubclass(value, BaseException) else "class"
    if isinstance(value, _FUNCTIONS):
        return "function"
    return "iterator" if hasattr(type(value), "__next__") else "object"


def _abilities(value: Any) -> tuple[nodes.Ability, ...]:
    """What its type has a method for; of a class that is what a class of classes has."""
    has = {name for kind in type(value).__mro__ for name, part in vars(kind).items() if part is not None}
    can = [ability for name, ability in _ABILITIES.items() if name in has]
    return (*can, "plain") if plain_class(value) is not None else tuple(can)


def plain_class(value: Any) -> type | None:
    """The class of plain values that an object's own inherits from and leaves equality to; None where there is none."""
    own: Any = type(value)
    for kind in _PLAIN:
        if issubclass(own, kind) and own is not kind and own.__eq__ is kind.__eq__:
            return kind
    return None

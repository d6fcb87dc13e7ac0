"""Stand-ins: what a test holds in the place of an object of the student's, which stays in the child.

Whatever a test does to one is asked of the child, and data or another stand-in comes of it: an attribute, an item, a call, the
length, the next value, the text. All classes and methods are of this side, so that `==`, `__class__`, `__array__`, `__reduce__`
and whatever else Python or a library looks up on it is ours. It equals no value, and no value is sent to find that out; what
else would hand it one is for `Link.insist` to say.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NoReturn, SupportsIndex

import numpy as np

from autograder.adopted.link import Link, OutOfPlaceError
from autograder.adopted.standing import Held, Standing, held

if TYPE_CHECKING:
    from autograder.child.nodes import HandleData

_LONGEST: Final = 64  # values that are fetched at once
# Of the names with underscores around them, those that are data of the child's; others are how Python and libraries ask
# what an object can do, and that the classes here say.
_READABLE: Final = frozenset(
    "__name__ __qualname__ __doc__ __module__ __dict__ __code__ __defaults__ __kwdefaults__ __annotations__ __mro__"
    " __bases__ __wrapped__ __self__ __func__ __cause__ __context__ __version__ __slots__ __init__ __call__ __eq__ __lt__"
    " __add__ __sub__ __mul__ __truediv__ __matmul__ __repr__ __str__ __len__ __iter__ __next__ __getitem__ __contains__"
    " __closure__ __signature__ __dataclass_fields__ __match_args__ __abstractmethods__ __subclasses__ __members__".split()
)
_BINARY: Final = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
_ORDER: Final = "lt le gt ge".split()
_UNARY: Final = "neg pos invert abs".split()


class StandIn(Held):
    """An object of the student's."""

    __slots__ = ()

    def __init__(self, standing: Standing, named: str = "") -> None:
        object.__setattr__(self, "_standing_", standing)
        object.__setattr__(self, "_named_", named)

    def __del__(self) -> None:
        one = held(self)
        one.link.drop(one.number, one.generation)

    # What it is

    @property
    def __class__(self) -> Any:
        one = held(self)
        if one.kind == "function":
            return types.FunctionType
        if one.kind == "class":
            return type
        if one.kind == "iterator" and one.type_name == "generator":
            return types.GeneratorType
        return type(self)

    @__class__.setter
    def __class__(self, value: object) -> None:
        raise TypeError("the class of an object that stays elsewhere is not changed")

    def __instancecheck__(self, one: Any) -> bool:
        return isinstance(one, Held) and bool(_of(self, "is-a", one))

    def __subclasscheck__(self, one: Any) -> bool:
        return isinstance(one, Held) and bool(_of(self, "is-kind", one))

    def __mro_entries__(self, bases: Any) -> NoReturn:
        raise TypeError("a class of the student's cannot be inherited from in a test")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an object that stays elsewhere cannot be pickled")

    def __copy__(self) -> Any:
        return _ask(self, "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return _ask(self, "copy", "deep")

    # Attributes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _READABLE or name.startswith(("_repr_", "_ipython_", "_pytest")):
            raise AttributeError(f"{held(self).type_name!r} object has no attribute {name!r}")
        found = _ask(self, "attribute", name)
        if isinstance(found, Held) and held(found).kind == "function" and not object.__getattribute__(found, "_named_"):
            object.__setattr__(found, "_named_", f".{name}")
        return found

    def __setattr__(self, name: str, value: object) -> None:
        _insist(self, "set-attribute", name, value)
        _ask(self, "set-attribute", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delete-attribute", name)

    def __dir__(self) -> Any:
        return _ask(self, "operator", "dir")

    # Comparing

    def __eq__(self, other: object) -> Any:
        if self is other:
            return True
        return isinstance(other, Held) and _ask(self, "operator", "eq", other)

    def __ne__(self, other: object) -> Any:
        equal = self.__eq__(other)
        return not equal if isinstance(equal, bool) else _ask(self, "operator", "ne", other)

    def __hash__(self) -> int:
        return hash((held(self).number, held(self).generation))

    def __bool__(self) -> bool:
        return _ask(self, "truth") is True

    # Text

    def __str__(self) -> str:
        return _text(self, _ask(self, "text"))

    def __repr__(self) -> str:
        return _text(self, _ask(self, "representation"))

    def __format__(self, specification: str) -> str:
        return _text(self, _ask(self, "format", specification))

    # Numbers

    def __int__(self) -> int:
        return _exactly(int, self, "int")

    def __index__(self) -> int:
        return _exactly(int, self, "index")

    def __float__(self) -> float:
        return _exactly(float, self, "float")

    def __complex__(self) -> complex:
        return _exactly(complex, self, "complex")

    def __round__(self, *digits: int) -> Any:
        return _ask(self, "operator", "round", *digits)

    def __divmod__(self, other: Any) -> Any:
        return _operator(self, "divmod", other)

    def __rdivmod__(self, other: Any) -> Any:
        return _operator(self, "rdivmod", other)

    __array_ufunc__ = None  # `array - object` is the object's

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        found = _ask(self, "array")
        if type(found) is not np.ndarray:
            raise TypeError(f"a {held(self).type_name} object is no array")
        return found if dtype is None else found.astype(dtype)

    # In a `with`, and where it is awaited

    def __enter__(self) -> Any:
        return held(self).link.ask("method", held(self).number, name="__enter__")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
        # The error itself is the test's, and what it says may be what was due.
        given = [None, None, None] if kind is None else [kind, kind(), None]
        return held(self).link.ask("method", held(self).number, name="__exit__", args=given)

    def __await__(self) -> Iterator[Any]:
        return _awaited(self)
        yield


class Calling:
    """What can be called."""

    __slots__ = ()

    def __call__(self: Any, /, *args: Any, **keywords: Any) -> Any:
        one = held(self)
        named: str = object.__getattribute__(self, "_named_")
        title = named.removeprefix(".") or one.type_name
        if args or keywords:
            if named.startswith(".") or not named:
                _insist(self, "call", title, *args, *keywords.values())
        return one.link.ask("call", one.number, args=args, keywords=keywords, title=title)


class Going:
    """What can be gone through."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[Any]:
        if held(self).kind == "iterator":
            return _steps(self, 1)
        made = _ask(self, "iterate")
        return _steps(made, _LONGEST) if isinstance(made, Held) else iter(made)

    def __contains__(self: Any, value: object) -> bool:
        if isinstance(value, Held) or held(self).link.permit("contains", "", held(self).type_name):
            return _ask(self, "contains", "", value) is True
        return any(one is value or one == value for one in self)


class Next:
    """What gives a next value."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return self

    def __next__(self: Any) -> Any:
        return next(_steps(self, 1))


class Measured:
    """What has a length."""

    __slots__ = ()

    def __len__(self: Any) -> int:
        return _exactly(int, self, "", "length")


class Indexed:
    """What has items."""

    __slots__ = ()

    def __getitem__(self: Any, key: Any) -> Any:
        if not _is_place(key):
            _insist(self, "item", "", key)
        return _ask(self, "item", "", key)

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        _insist(self, "set-item", "", key, value)
        _ask(self, "set-item", "", key, value)

    def __delitem__(self: Any, key: Any) -> None:
        _insist(self, "delete-item", "", key)
        _ask(self, "delete-item", "", key)


_ABILITIES: Final = {"call": Calling, "iterate": Going, "length": Measured, "item": Indexed}


def stand_in(link: Link, node: HandleData) -> StandIn:
    """What stands for an object of the child's."""
    abilities = {str(one) for one in node.can}
    if node.kind in ("function", "class"):
        abilities.add("call")
    if node.kind == "iterator":
        abilities = (abilities - {"iterate"}) | {"next"}
    return _class(frozenset(abilities))(Standing(link, node, link.generation))


@functools.lru_cache(maxsize=64)
def _class(abilities: frozenset[str]) -> type[StandIn]:
    # `in` works on what can be gone through or has items, as in Python.
    kinds = [kind for name, kind in _ABILITIES.items() if name in abilities]
    kinds += [Next] if "next" in abilities else []
    return type("StandIn", (StandIn, *kinds), {"__slots__": ()})


def name(stands: Any, named: str) -> Any:
    """Says by which name of the notebook's a test came by a function or a class: what that is called with may go in."""
    if isinstance(stands, Held):
        object.__setattr__(stands, "_named_", named)
    return stands


def type_of(value: Any) -> Any:
    """`type(value)`; of a stand-in what stands for the class of its object."""
    return _ask(value, "attribute", "__class__") if isinstance(value, Held) else type(value)


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance(value, kinds)`, where the value may be a stand-in and the kinds classes of libraries."""
    if not isinstance(value, Held) or isinstance(value, kinds):
        return isinstance(value, kinds)
    flat = kinds if isinstance(kinds, tuple) else getattr(kinds, "__args__", (kinds,))
    return any(
        is_instance(value, kind) if isinstance(kind, tuple) else _ask(value, "is-a", "", kind) is True
        for kind in flat
    )


def is_subclass(value: Any, kinds: Any) -> bool:
    """`issubclass(value, kinds)`, likewise."""
    if not isinstance(value, Held):
        return issubclass(value, kinds)
    return any(_ask(value, "is-kind", "", kind) is True for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _ask(stands: Any, does: Any, name: str = "", *args: Any) -> Any:
    one = held(stands)
    return one.link.ask(does, one.number, name=name, args=args)


def _of(kind: Any, does: Any, one: Held) -> Any:
    return held(one).link.ask(does, held(one).number, args=[kind])


def _insist(stands: Any, does: str, name: str, *values: object) -> None:
    """OutOfPlaceError where a value would be handed over at a place that is none for it."""
    if not all(isinstance(value, Held) for value in values):
        held(stands).link.insist(does, name, held(stands).type_name)


def _operator(stands: Any, name: str, other: Any) -> Any:
    _insist(stands, "operator", name, other)
    return _ask(stands, "operator", name, other)


def _text(stands: Any, said: Any) -> str:
    if type(said) is not str:
        raise TypeError(f"a {held(stands).type_name} object gave no text")
    return said


def _exactly(kind: type, stands: Any, operator: str, does: str = "operator") -> Any:
    """A number that must be one of this kind, as Python insists."""
    found = _ask(stands, does, operator)
    if type(found) is not kind or (does == "length" and not 0 <= found < 2**62):
        raise TypeError(f"a {held(stands).type_name} object gave no {kind.__name__}")
    return found


def _steps(stands: Any, most: int) -> Iterator[Any]:
    """The values of an iterator of the child's, up to so many at once: one at a time where a test may go on with it."""
    one = held(stands)
    count = 1
    while True:
        values, answer = one.link.answered("next", one.number, count=count)
        one.link.count(max(len(values), 1))
        yield from values
        if not answer.more:
            return
        count = min(2 * count, most)


def _is_place(key: Any) -> bool:
    """Whether a key is no more than a place in a sequence."""
    if isinstance(key, slice):
        return all(part is None or type(part) is int for part in (key.start, key.stop, key.step))
    if isinstance(key, tuple):
        return all(map(_is_place, key))
    return type(key) is int or isinstance(key, Held)


def _awaited(stands: Any) -> Iterator[Any]:
    return held(stands).link.library("asyncio", "run")(stands)
    yield


def _equip() -> None:
    """Gives stand-ins Python's operators."""

    def binary(name: str) -> Callable[[Any, Any], Any]:
        return lambda self, other: _operator(self, name, other)

    def unary(name: str) -> Callable[[Any], Any]:
        return lambda self: _ask(self, "operator", name)

    for name in _BINARY:
        said = f"{name}_" if name in ("and", "or") else name
        setattr(StandIn, f"__{name}__", binary(said))
        setattr(StandIn, f"__r{name}__", binary(f"r{said}"))
        setattr(StandIn, f"__i{name}__", binary(f"i{name}"))
    for name in _ORDER:
        setattr(StandIn, f"__{name}__", binary(name))
    for name in _UNARY:
        setattr(StandIn, f"__{name}__", unary(name))


_equip()
__all__ = ["OutOfPlaceError", "StandIn", "is_instance", "is_subclass", "name", "stand_in", "type_of"]

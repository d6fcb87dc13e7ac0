"""Stand-ins: what a test holds in the place of an object of the student's, which stays in the child.

Whatever a test does to one is asked of the child, and data or another stand-in comes of it: an attribute, an item, a call, the
length, the next value, the text. All classes and methods are of this side, so that `==`, `__class__`, `__array__`, `__reduce__`
and whatever else Python or a library looks up on it is ours. It equals no value, and no value is sent to find that out; what
else would hand it one is for `Link.insist` to say.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Final, NoReturn, SupportsIndex

import numpy as np

from autograder.adopted.abilities import ABILITIES
from autograder.adopted.link import Link
from autograder.adopted.standing import (
    Held,
    Standing,
    again,
    ask,
    exactly,
    held,
    insist,
    operated,
    text,
)
from autograder.child.kin import Named

if TYPE_CHECKING:
    from autograder.child.nodes import HandleData

# Of the names with underscores around them, those that are data of the child's; others are how Python and libraries ask
# what an object can do, and that the classes here say.
_READABLE: Final = (
    "__name__", "__qualname__", "__doc__", "__module__", "__dict__", "__code__",
    "__defaults__", "__kwdefaults__", "__annotations__", "__mro__", "__bases__", "__wrapped__",
    "__self__", "__func__", "__cause__", "__context__", "__version__", "__slots__",
    "__init__", "__call__", "__lt__", "__add__", "__sub__",
    "__mul__", "__truediv__", "__matmul__", "__repr__", "__str__", "__len__",
    "__iter__", "__next__", "__getitem__", "__contains__", "__closure__", "__dataclass_fields__",
    "__match_args__", "__abstractmethods__", "__subclasses__", "__members__",
)  # fmt: skip
_BINARY: Final = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift",
)  # fmt: skip
_ORDER: Final = ("lt", "le", "gt", "ge")
_LONGEST: Final = 40  # characters of the name of a class
_UNARY: Final = ("neg", "pos", "invert", "abs")


class StandIn(Held):
    """An object of the student's."""

    __slots__ = ()

    def __init__(self, standing: Standing) -> None:
        object.__setattr__(self, "_standing_", standing)
        object.__setattr__(self, "_named_", "")

    def __del__(self) -> None:
        one = held(self)
        one.link.drop(one.number, one.generation)

    # What it is

    # What libraries ask a class for by this is ours; set, it goes to the child as any attribute does.
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        one = held(self)
        if one.kind == "function":
            return types.FunctionType
        if one.kind == "class":
            return type
        if one.kind == "iterator" and one.type_name == "generator":
            return types.GeneratorType
        return type(self)

    def __instancecheck__(self, one: Any) -> bool:
        return isinstance(one, Held) and ask(one, "is-a", "", self) is True

    def __subclasscheck__(self, one: Any) -> bool:
        return isinstance(one, Held) and ask(one, "is-kind", "", self) is True

    def __mro_entries__(self, bases: Any) -> NoReturn:
        raise TypeError("a class of the student's cannot be inherited from in a test")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an object that stays elsewhere cannot be pickled")

    def __copy__(self) -> Any:
        return ask(self, "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return ask(self, "copy", "deep")

    # Attributes

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__") and name not in _READABLE:
            return object.__getattribute__(self, name)  # how Python and libraries ask what it is: ours
        if name.startswith(("_repr_", "_ipython_", "_pytest")) or name in ("_standing_", "_named_"):
            raise AttributeError(f"{held(self).type_name!r} object has no attribute {name!r}")
        found = ask(self, "attribute", name)
        if isinstance(found, type):  # a call of it makes a value here, and asks nobody
            held(self).link.insist("attribute", name)
        return again(found, f".{name}") if isinstance(found, Held) else found

    def __setattr__(self, name: str, value: object) -> None:
        insist(self, "set-attribute", name, value)
        ask(self, "set-attribute", name, value)

    def __delattr__(self, name: str) -> None:
        ask(self, "delete-attribute", name)

    def __dir__(self) -> Any:
        return ask(self, "operator", "dir")

    # Comparing

    def __eq__(self, other: object) -> Any:
        if self is other:
            return True
        if isinstance(other, Held):
            return ask(self, "operator", "eq", other)
        # As the plain value that its class inherits from it is compared here, and nothing of the test's goes over.
        plain = ask(self, "plain") if "plain" in held(self).node.can else self
        return plain == other if not isinstance(plain, Held) else False

    def __ne__(self, other: object) -> Any:
        # By its own name it could be the object's, and be handed the value.
        equal = StandIn.__eq__(self, other)
        return not equal if isinstance(equal, bool) else ask(self, "operator", "ne", other)

    def __hash__(self) -> int:
        return hash(held(self).number)

    def __bool__(self) -> bool:
        return ask(self, "truth") is True

    # Text

    def __str__(self) -> str:
        return text(self, ask(self, "text"))

    def __repr__(self) -> str:
        return text(self, ask(self, "representation"))

    def __format__(self, specification: str) -> str:
        return text(self, ask(self, "format", specification))

    # Numbers

    def __int__(self) -> int:
        return exactly(int, self, "int")

    def __index__(self) -> int:
        return exactly(int, self, "index")

    def __float__(self) -> float:
        return exactly(float, self, "float")

    def __complex__(self) -> complex:
        return exactly(complex, self, "complex")

    def __round__(self, *digits: int) -> Any:
        return ask(self, "operator", "round", *digits)

    def __divmod__(self, other: Any) -> Any:
        return operated(self, "divmod", other)

    def __rdivmod__(self, other: Any) -> Any:
        return operated(self, "rdivmod", other)

    __array_ufunc__ = None  # `array - object` is the object's

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        found = ask(self, "array")
        if type(found) is not np.ndarray:
            raise TypeError(f"a {held(self).type_name} object is no array")
        return found if dtype is None else found.astype(dtype)

    # In a `with`, and where it is awaited

    def __enter__(self) -> Any:
        return held(self).link.ask("method", held(self).number, name="__enter__")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
        # The error itself is the test's, and what it says may be what was due.
        given = [kind, None, None]
        return held(self).link.ask("method", held(self).number, name="__exit__", args=given)

    def __await__(self) -> Generator[None, None, Any]:
        yield from ()
        return held(self).link.library("asyncio", "run")(self)


def stand_in(link: Link, node: HandleData) -> StandIn:
    """What stands for an object of the child's."""
    abilities = {str(one) for one in node.can}
    if node.kind in ("function", "class"):
        abilities.add("call")
    if node.kind == "iterator":
        abilities = (abilities - {"iterate"}) | {"next"}
    name = node.type_name if node.type_name.isidentifier() and len(node.type_name) <= _LONGEST else "object"
    return _class(frozenset(abilities), name)(Standing(link, node, link.generation))


@functools.lru_cache(maxsize=64)
def _class(abilities: frozenset[str], name: str) -> type[StandIn]:
    """What can do this, by the name of the student's own class: Python's errors name it, and students read them."""
    kinds = [kind for able, kind in ABILITIES.items() if able in abilities]
    return type(name, (StandIn, *kinds), {"__slots__": ()})


def type_of(value: Any) -> Any:
    """`type(value)`; of a stand-in the class of its object that both sides have, or what stands for it."""
    if not isinstance(value, Held):
        return getattr(value, "of_", None) or type(value) if isinstance(value, Named) else type(value)
    kind = ask(value, "attribute", "__class__")
    return held(value).link.giving.shared(kind) or kind


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance(value, kinds)`, where the value may be a stand-in and the kinds classes of libraries."""
    if isinstance(value, Named) and value.of_ is not None:
        return isinstance(value, kinds) or is_subclass(value.of_, kinds)
    if not isinstance(value, Held) or isinstance(value, kinds):
        return isinstance(value, kinds)
    flat = kinds if isinstance(kinds, tuple) else getattr(kinds, "__args__", (kinds,))
    return any(
        is_instance(value, kind) if isinstance(kind, tuple) else ask(value, "is-a", "", kind) is True
        for kind in flat
    )


def is_subclass(value: Any, kinds: Any) -> bool:
    """`issubclass(value, kinds)`, likewise."""
    if not isinstance(value, Held):
        return issubclass(value, kinds)
    return any(
        ask(value, "is-kind", "", kind) is True for kind in (kinds if isinstance(kinds, tuple) else (kinds,))
    )


def _equip() -> None:
    """Gives stand-ins Python's operators."""

    def binary(name: str) -> Callable[[Any, Any], Any]:
        return lambda self, other: operated(self, name, other)

    def unary(name: str) -> Callable[[Any], Any]:
        return lambda self: ask(self, "operator", name)

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

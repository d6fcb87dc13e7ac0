"""What stand-ins can do, each ability for itself: be called, gone through, measured, indexed.

A stand-in has those that the object's class has methods for, so that `callable`, `hasattr` and `iter` say of it what they
say of the object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from autograder.adopted.standing import Held, ask, exactly, held, insist, named

_LONGEST: Final = 64  # values that are fetched at once


class Calling:
    """What can be called."""

    __slots__ = ()

    def __call__(self: Any, /, *args: Any, **keywords: Any) -> Any:
        """Of a function or a class that the test names, arguments may be anything; of another object `insist` says."""
        one = held(self)
        name = named(self)
        title = name.removeprefix(".")
        if (args or keywords) and (name.startswith(".") or not name):
            # Not by its class: a partial and an object with `__call__` are called where the solution gives a function.
            insist(self, "call", name, *args, *keywords.values())
        return one.link.ask("call", one.number, args=args, keywords=keywords, title=title)


class Going:
    """What can be gone through."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[Any]:
        if held(self).kind == "iterator":
            return _steps(self, 1)
        made = ask(self, "iterate")
        return _steps(made, _LONGEST) if isinstance(made, Held) else iter(made)

    def __contains__(self: Any, value: object) -> bool:
        if isinstance(value, Held) or held(self).link.permit("contains", ""):
            return ask(self, "contains", "", value) is True
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
        return exactly(int, self, "", "length")


class Indexed:
    """What has items."""

    __slots__ = ()

    def __getitem__(self: Any, key: Any) -> Any:
        if not _is_place(key):
            insist(self, "item", "", key)
        return ask(self, "item", "", key)

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        insist(self, "set-item", "", key, value)
        ask(self, "set-item", "", key, value)

    def __delitem__(self: Any, key: Any) -> None:
        insist(self, "delete-item", "", key)
        ask(self, "delete-item", "", key)


# By what a handle says that its object can do.
ABILITIES: Final[Mapping[str, type]] = {
    "call": Calling,
    "iterate": Going,
    "length": Measured,
    "item": Indexed,
    "next": Next,
}


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

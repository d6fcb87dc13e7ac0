"""What every stand-in is known by on this side: which object of the child's it stands for, and how that is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from autograder.adopted.link import Link
    from autograder.child.nodes import HandleData

_Number = TypeVar("_Number", int, float, complex)
_LENGTHS: Final = range(2**62)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one stand-in."""

    link: Link
    node: HandleData
    generation: int

    @property
    def number(self) -> int:
        """Its handle."""
        return self.node.id

    @property
    def kind(self) -> Any:
        """What kind of object it is."""
        return self.node.kind

    @property
    def type_name(self) -> str:
        """The name of its class, as the child says."""
        return self.node.type_name


class Held:
    """An object that stays in the child; `standins.py` makes all of these."""

    __slots__ = ("__weakref__", "_behind_", "_named_", "_standing_")

    _standing_: Standing
    _named_: str


def held(value: Held) -> Standing:
    """What it stands for; nothing is asked."""
    standing: Standing = object.__getattribute__(value, "_standing_")
    return standing


def named(value: Held) -> str:
    """By which name of the notebook's a test came by it; of a method, its name after a dot; "" where by none."""
    name: str = object.__getattribute__(value, "_named_")
    return name


def call_it(value: Any, name: str) -> Any:
    """Notes that, and gives the value back."""
    if isinstance(value, Held):
        object.__setattr__(value, "_named_", name)
    return value


def again(value: Held, name: str) -> Held:
    """Another stand-in for the same object, by the name by which a test has come by it this time.

    What may be called with anything under a name of the notebook's may not be so as an attribute of an object.
    """
    if not _is_callable(
        value
    ):  # two names of one object that only is looked at are one stand-in, as `is` says
        return value
    made: Held = object.__new__(type(value))
    object.__setattr__(
        made, "_standing_", replace(held(value), generation=-1)
    )  # the first one drops the object
    object.__setattr__(made, "_behind_", value)
    return call_it(made, name)  # type: ignore[no-any-return]


def _is_callable(stands: Held) -> bool:
    node = held(stands).node
    return node.kind in ("function", "class", "exception") or "call" in node.can


def ask(stands: Any, does: Any, name: str = "", *args: Any) -> Any:
    """What comes of a question about the object."""
    one = held(stands)
    return one.link.ask(does, one.number, name=name, args=args)


def insist(stands: Any, does: str, name: str, *values: object) -> None:
    """OutOfPlaceError where a value would be handed over at a place that is none for it."""
    if not all(isinstance(value, Held) for value in values):
        held(stands).link.insist(does, name)


def operated(stands: Any, name: str, other: Any) -> Any:
    """What an operator gives of the object and another side; OutOfPlaceError as `insist`."""
    insist(stands, "operator", name, other)
    return ask(stands, "operator", name, other)


def text(stands: Any, said: Any) -> str:
    """What was said, if it is a text; TypeError where it is none."""
    if type(said) is not str:
        raise TypeError(f"a {held(stands).type_name} object gave no text")
    return said


def exactly(kind: type[_Number], stands: Any, operator: str, does: str = "operator") -> _Number:
    """A number, which must be one of this kind, as Python insists; TypeError where it is none."""
    found: Any = ask(stands, does, operator)
    if type(found) is not kind or (does == "length" and found not in _LENGTHS):
        raise TypeError(f"a {held(stands).type_name} object gave no {kind.__name__}")
    number: _Number = found
    return number

"""What every stand-in is known by on this side: which object of the child's it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.adopted.link import Link
    from autograder.child.nodes import HandleData


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one stand-in."""

    link: Link
    node: HandleData
    generation: int
    title: str = ""  # how the test came by it

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

    __slots__ = ("__weakref__", "_standing_", "_named_")

    _standing_: Standing
    _named_: str


def held(value: Held) -> Standing:
    """What it stands for; nothing is asked."""
    standing: Standing = object.__getattribute__(value, "_standing_")
    return standing

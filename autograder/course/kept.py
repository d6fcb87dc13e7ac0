"""What was worked out last, to be had again: so much of it, and no more."""

from __future__ import annotations

from typing import Final, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_MOST: Final = 256


class Kept(dict[_Key, _Value]):
    """A dictionary that takes no more than so much: what was put in first goes first."""

    def __setitem__(self, key: _Key, value: _Value) -> None:
        while len(self) >= _MOST and key not in self:
            del self[next(iter(self))]
        super().__setitem__(key, value)

"""What is there once, however often it is asked for: what was worked out, and the arrays of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from autograder.child import packing
from autograder.child.nodes import ArrayData
from autograder.data import Array

Made = TypeVar("Made")


class Once:
    """What has been made, by the things that it was made of: these very objects, not others that are equal."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, tuple[int, ...]], tuple[tuple[object, ...], Any]] = {}

    def of(self, what: str, *of: object, make: Callable[[], Made]) -> Made:
        """What `make` gives; from the second time on, what it gave for the same things."""
        key = what, tuple(map(id, of))
        if key not in self._made:
            # The things are kept, so that no other gets the place of one in memory.
            self._made[key] = of, make()
        made: Made = self._made[key][1]
        return made


class Pool:
    """The arrays of one function, each once."""

    def __init__(self) -> None:
        self.arrays: list[ArrayData] = []
        self._places: dict[tuple[str, tuple[int, ...], bytes], int] = {}

    def add(self, array: Array) -> int:
        """The place of an array."""
        data = packing.pack_array(array)
        key = (data.dtype, data.shape, data.data)
        if key not in self._places:
            self._places[key] = len(self.arrays)
            self.arrays.append(data)
        return self._places[key]

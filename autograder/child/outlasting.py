"""What the calls of one batch have given, looked at again after the last of them: a later call may have written over it."""

from __future__ import annotations

from typing import Any

from autograder.child.messages import MAX_CALLS
from autograder.child.nodes import OtherData, ValueData, alike
from autograder.child.values import seen_again


class Results:
    """The results of one batch, held as long as it is answered.

    What this side says of them need not be believed: who keeps it quiet gains what a copy of each result would have gained.
    """

    def __init__(self) -> None:
        self._held: list[tuple[int, Any, ValueData]] = []  # the call, its result, and what was said of it

    def add(self, call: int, value: Any, data: ValueData) -> None:
        """Holds a result. What does not cross is not held: it may be of any size."""
        if not isinstance(data, OtherData):
            self._held.append((call, value, data))

    def changed(self) -> list[int]:
        """The calls whose results are no longer what was said of them."""
        return [call for call, value, data in self._held if not alike(seen_again(value), data)][:MAX_CALLS]

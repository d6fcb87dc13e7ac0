"""What came of a call, out of what a child said; and that it said nothing more."""

from __future__ import annotations

from typing import Literal

from autograder.child import messages, spoken, unpacking
from autograder.child.nodes import WireError
from autograder.records import Outcome, Raised, Returned, TracedValue


class ChildDiedError(Exception):
    """The child ended, or was ended, before it answered."""

    def __init__(
        self,
        reason: Literal["timeout", "out-of-memory", "crashed"],
        detail: str = "",
        *,
        idle: bool = False,  # it did nothing for too long: the machine's fault, perhaps
        whole: bool = False,  # the time of the whole submission is up: no cell is to blame
    ) -> None:
        super().__init__(detail)
        self.reason: Literal["timeout", "out-of-memory", "crashed"] = reason
        self.detail = detail
        self.idle = idle
        self.whole = whole


def outcome_of(message: spoken.ToParent, identity: int) -> Outcome:
    """What came of one call."""
    if not isinstance(message, messages.Result | messages.Failure) or message.id != identity:
        raise ChildDiedError("crashed", "answered out of turn")
    try:
        after = tuple(map(unpacking.unpack_value, message.args_after))
        if isinstance(message, messages.Result):
            return Returned(unpacking.unpack_value(message.value), after)
    except WireError as error:
        raise ChildDiedError("crashed", str(error)) from None
    return Raised(message.exception, message.message, message.line, tuple(message.ancestors), after)


def traced_of(message: spoken.ToParent, identity: int) -> list[TracedValue]:
    """What the lines of one call made; it comes from the child and may be forged."""
    if not isinstance(message, messages.Trace) or message.id != identity:
        raise ChildDiedError("crashed", "gave no trace")
    try:
        return [
            TracedValue(data.line, data.name, unpacking.unpack_array(data.value), data.held)
            for data in message.values
        ]
    except WireError as error:
        raise ChildDiedError("crashed", str(error)) from None

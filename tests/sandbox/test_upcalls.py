"""What a student's function asks a right one for is bounded before anything is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograder.child import messages, packing, unpacking
from autograder.child.nodes import OtherData, WireError
from autograder.data import Argument, Value
from autograder.sandbox import upcalls


def echo(name: str, args: Sequence[Argument]) -> Value | Exception:
    return KeyError(name) if name == "none" else list(args)


def asked(*args: Any, name: str = "g") -> messages.Answer:
    return upcalls.answered(echo, messages.Ask(name, [packing.pack(argument) for argument in args]))


def test_any_plain_value_is_handed_on_and_back() -> None:
    answer = asked("text", 3, {"a": [None, (1.5, {2})]})
    assert answer.value is not None
    assert unpacking.unpack_value(answer.value) == ["text", 3, {"a": [None, (1.5, {2})]}]


def test_an_exception_is_handed_on_by_its_class() -> None:
    assert asked(name="none") == messages.Answer(None, "KeyError")


def test_what_is_no_value_is_an_error_of_the_call() -> None:
    ask = messages.Ask("g", [OtherData("thing")])
    assert upcalls.answered(echo, ask) == messages.Answer(None, "TypeError")


@pytest.mark.parametrize(
    "argument",
    [
        np.zeros(upcalls.MAX_SIDE + 1),
        [0] * (upcalls.MAX_SIDE + 1),
        {"a": [0] * (upcalls.MAX_SIDE + 1)},
        dict.fromkeys(range(upcalls.MAX_SIDE + 1)),
        np.zeros((2, 2, upcalls.MAX_SIDE_OF_THREE + 1)),
        [[[0] * (upcalls.MAX_SIDE_OF_THREE + 1)]],
        np.zeros((1, 1, 1, 1)),
        [[[[0]]]],
        {"a": [[[[0]]]]},
        "x" * (upcalls.MAX_BYTES + 1),
        ["x" * upcalls.MAX_BYTES, "x"],
        np.zeros((400, 400)),
    ],
    ids=lambda argument: type(argument).__name__,
)
def test_what_is_too_large_is_refused(argument: Any) -> None:
    with pytest.raises(WireError, match="too large"):
        asked(argument)

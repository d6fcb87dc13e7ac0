"""The line of a cell that waits."""

from __future__ import annotations

import pytest

from autograder.drawing import waiting
from autograder.drawing.admitted import UndrawableError


class UnshowableError(Exception):
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("ten\nnis"), r"KeyError('ten\nnis')"),
        (UndrawableError("“W” is None"), "“W” is None"),
        (UnshowableError(), "UnshowableError"),
        (ValueError("x" * 999), f"ValueError('{'x' * 88} … {'x' * 98}')"),
    ],
)
def test_it_says_which_check_to_run_and_what_happened(error: Exception, told: str) -> None:
    assert waiting.line(["attend", "softmax"], error) == (
        f"This cell waits for your attend and softmax: check(attend) says why. ({told})"
    )


def test_functions_are_called_by_their_names() -> None:
    assert waiting.names_of([test_functions_are_called_by_their_names, "softmax", 7]) == [
        "test_functions_are_called_by_their_names",
        "softmax",
    ]
    assert waiting.names_of([]) == ["function"]

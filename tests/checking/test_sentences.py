"""Scripts and drawings are told of in their own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checking.compare import compare, told_of_hidden
from autograder.records import Asks, Case, Returned, Tolerance

SCRIPT = ((3,), ("push", (5,)), ("pop", ()), ("size",), ("names", (["x" * 80],)))
DONE: list[dict[str, Any]] = [
    {"returned": None},
    {"raised": "IndexError"},
    {"returned": 3},
    {"returned": ["a"]},
]
LINES = [{"x": np.array([0.0]), "y": np.array([1.0])}]


def after(place: int, **gave: Any) -> list[dict[str, Any]]:
    return [*DONE[:place], gave, *DONE[place + 1 :]]


def told(asks: Asks, due: Any, got: Any, args: Any = ()) -> tuple[str, str]:
    mismatch = compare(Case("a case", args, asks=asks), due, Returned(got), Tolerance())
    assert mismatch is not None
    return mismatch.message, told_of_hidden(mismatch).message


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (after(0, raised="TypeError"), "`push(5)` raises TypeError."),
        (after(1, returned=5), "`pop()` should raise IndexError, and does not."),
        (after(1, raised="KeyError"), "`pop()` raises KeyError, where IndexError is due."),
        (
            after(2, returned=4),
            "After the steps before it, `size` gives something else than is due. The number is wrong.",
        ),
    ],
)
def test_the_first_step_that_gave_something_else(got: Any, message: str) -> None:
    assert told("script", DONE, got, SCRIPT) == (message, "One of the steps gave something else than is due.")


def test_long_arguments_are_cut() -> None:
    message, _ = told("script", DONE, after(3, raised="KeyError"), SCRIPT)
    assert message.startswith("`names(['xxx")
    assert len(message) < 120


@pytest.mark.parametrize(
    ("due", "got", "message"),
    [
        ({"title": "t"}, {}, "The drawing lacks a title."),
        ({"title": "t"}, {"title": "u"}, "In the drawing, the title is not what is due."),
        ({"lines": LINES}, {"lines": []}, "In the drawing, the lines are not what is due."),
        (
            {"others": ["Arrow"]},
            {"others": []},
            "At `['axes'][0]['others']`: it has 0 entries, where 1 is due.",
        ),
    ],
)
def test_what_is_on_the_axes(due: Any, got: Any, message: str) -> None:
    assert told("drawing", {"axes": [due]}, {"axes": [got]}) == (
        message,
        "The drawing is not the one that is due.",
    )


def test_axes_are_counted() -> None:
    assert told("drawing", {"axes": [{}, {}]}, {"axes": [{}]})[0] == "It draws 1 axes, where 2 are due."


def test_what_is_printed() -> None:
    assert told("printed", "ab", "ac") == (
        "What it prints differs from its character 2 on.",
        "What it prints is not what is due.",
    )


def test_a_tuple_of_texts_is_a_value_and_no_names_of_exceptions() -> None:
    mismatch = compare(Case("a case", ()), ("a", "b"), Returned(["a", "b"]), Tolerance())
    assert mismatch is not None
    assert mismatch.message == "It returned a list where a tuple is due."

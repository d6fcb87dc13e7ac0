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
        (
            after(0, raised="TypeError"),
            "Step 1, `.push(5)`, raised TypeError, where it should have returned None.",
        ),
        (after(1, returned=5), "Step 2, `.pop()`, returned 5, where it should have raised IndexError."),
        (
            after(1, raised="KeyError"),
            "Step 2, `.pop()`, raised KeyError, where it should have raised IndexError.",
        ),
        (after(2, returned=4), "Step 3, `.size`, returned 4, where it should have returned 3."),
        (DONE[:2], "It has 2 entries, and should have 4."),
        ([1, 2, 3, 4], "At `[0]`: an int stands where a dict should be."),
    ],
)
def test_the_first_step_that_gave_something_else(got: Any, message: str) -> None:
    assert told("script", DONE, got, SCRIPT) == (
        message,
        "One of the steps gave something else than it should.",
    )


def test_long_arguments_and_values_are_cut() -> None:
    message, _ = told("script", DONE, after(3, returned="y" * 300), SCRIPT)
    assert message.startswith("Step 4, `.names(['xxx")
    assert len(message) < 250


@pytest.mark.parametrize(
    ("due", "got", "message"),
    [
        ({"title": "t"}, {}, "The drawing lacks a title."),
        ({"title": "t"}, {"title": "u"}, "In the drawing, the title is not what it should be."),
        ({"lines": LINES}, {"lines": []}, "In the drawing, the lines are not what they should be."),
        (
            {"xlabel": "t"},
            {"xlabel": "u"},
            "In the drawing, the label at the x axis is not what it should be.",
        ),
        (
            {"ylim": [0, 1]},
            {"ylim": [0, 2]},
            "In the drawing, the limits of the y axis are not what they should be.",
        ),
        ({"images": [1]}, {"images": [2]}, "In the drawing, the picture is not what it should be."),
        (
            {"others": ["Arrow"]},
            {"others": []},
            "At `['axes'][0]['others']`: it has 0 entries, and should have 1.",
        ),
    ],
)
def test_what_is_on_the_axes(due: Any, got: Any, message: str) -> None:
    assert told("drawing", {"axes": [due]}, {"axes": [got]}) == (
        message,
        "The drawing is not what it should be.",
    )


def test_axes_are_counted() -> None:
    assert told("drawing", {"axes": [{}, {}]}, {"axes": [{}]})[0] == "It draws 1 axes, and should draw 2."


def test_what_is_printed() -> None:
    assert told("printed", "ab", "ac") == (
        "What it prints differs from its character 2 on.",
        "What it prints is not what it should be.",
    )


def test_a_tuple_of_texts_is_a_value_and_no_names_of_exceptions() -> None:
    mismatch = compare(Case("a case", ()), ("a", "b"), Returned(["a", "b"]), Tolerance())
    assert mismatch is not None
    assert mismatch.message == "It returned a list where a tuple should be."

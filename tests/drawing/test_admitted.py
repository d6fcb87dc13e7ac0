"""Whatever a student's function gives is drawn, or is told in one line."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest

from autograder.drawing import admitted
from autograder.drawing.admitted import UndrawableError


class Odd:
    """Refuses whatever is asked of it."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    def __array__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "“W” is None: does the function return its result?"),
        ([[1.0, 2.0], [3.0]], "“W” should be an array of numbers, and is a list"),
        ("right", "“W” should be an array of numbers, and is a text"),
        (np.ones((2, 3, 4)), "“W” should be a matrix of numbers, and has the shape (2, 3, 4)"),
        (np.ones(3), "“W” should be a matrix of numbers, and has the shape (3,)"),
        (np.ones((0, 3)), "“W” holds no numbers: its shape is (0, 3)"),
        (np.ones((65, 2)), "“W” is too large to be drawn: (65, 2), and 64 fit along a side"),
        ([[1.0, float("nan")]], "“W” holds nan, which is no number, first at [0, 1]"),
        ([[1.0, float("inf")]], "“W” holds an infinite number"),
        (np.array([[1j]]), "“W” should be an array of numbers, and is an array of something else"),
        (Odd(), "“W” should be an array of numbers, and is a Odd"),
    ],
)
def test_what_cannot_be_drawn_is_told(given: object, told: str) -> None:
    with pytest.raises(UndrawableError) as caught:
        admitted.matrix(given, "“W”")
    assert str(caught.value) == told


@pytest.mark.parametrize("given", [[[1, 2]], np.array([[True, False]]), np.float32([[1, 2]]), ((1, 2),)])
def test_any_numbers_will_do(given: object) -> None:
    array = admitted.matrix(given, "“W”")
    assert array.dtype == np.float64
    assert array.shape == (1, 2)


def test_what_is_given_is_not_changed() -> None:
    given = np.zeros((2, 2))
    admitted.weights(given, "“W”")[:] = 1
    assert not given.any()


def test_weights_lie_between_0_and_1() -> None:
    with pytest.raises(UndrawableError, match=r"between 0 and 1, and holds −0.50"):
        admitted.weights([[-0.5, 1.5]], "“W”")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1], "a dictionary from titles to arrays is drawn, and this is a list"),
        ({}, "there is nothing in the dictionary to draw"),
        ({str(one): 1 for one in range(13)}, "13 arrays are too many for one picture: 12 fit"),
    ],
)
def test_pictures_have_titles(given: object, told: str) -> None:
    with pytest.raises(UndrawableError, match=told):
        admitted.named(given)


def test_labels_are_as_many_as_what_they_label() -> None:
    with pytest.raises(UndrawableError, match="the height of “W” is 3, and there are 2 labels for it"):
        admitted.labels(["a", "b"], 3, "the height of “W”")
    with pytest.raises(UndrawableError, match="should be a list of words, and are a text"):
        admitted.labels("ab", 2, "it")
    assert admitted.labels((1, "two\n lines"), 2, "it") == ["1", "two lines"]


def test_labels_without_end_or_text_are_told_as_well() -> None:
    with pytest.raises(UndrawableError, match="there are 65 labels"):
        admitted.labels(count(), 2, "it")
    assert admitted.labels([Odd()], 1, "it") == ["a Odd"]


def test_a_word_has_its_place() -> None:
    assert admitted.place("b", ["a", "b"]) == admitted.place(1, ["a", "b"]) == 1
    with pytest.raises(UndrawableError, match="'c' is none of the words that are drawn"):
        admitted.place("c", ["a", "b"])


@pytest.mark.parametrize(("value", "written"), [(-0.001, "0.00"), (-1.5, "−1.50"), (float("-inf"), "−∞")])
def test_numbers_are_written_for_people(value: float, written: str) -> None:
    assert admitted.number(value, 2) == written

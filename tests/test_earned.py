"""What full marks earn: pictures of matrices, and what is to be seen on them in words."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.earned import FullMarks, Shown, earned, picture

LOOKS = "“{row}” looks most at “{column}” ({number})"
MAP = Shown((), rows=("a", "b"), columns=("a", "b"), titles=("Map",), says=LOOKS, of=("b",))


def test_a_picture_says_what_is_to_be_seen() -> None:
    told = earned(FullMarks("You know.", "Try.", MAP), np.array([[0.5, 0.5], [0.25, 0.75]]))
    assert (told.understood, told.stretch) == ("You know.", "Try.")
    assert told.picture is not None
    assert told.picture.facts == ("“b” looks most at “b” (0.75)",)


def test_one_array_is_cut_into_its_parts_and_several_have_a_title_each() -> None:
    heads = Shown((), rows=("a", "b"), titles=("Head 0", "Head 1"), says=LOOKS, of=("a",))
    cut = picture(heads, np.array([[1, 0, 0.25, 0.5], [0, 1, 1, 0]]))
    assert cut is not None
    assert cut.facts == ("Head 0: “a” looks most at “0” (1.00)", "Head 1: “a” looks most at “1” (0.50)")
    parts = picture(heads, (np.ones((2, 3)), np.ones((2, 2))))
    assert parts is not None
    assert parts.columns == ("0", "1", "2")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        np.ones(2),
        np.ones((3, 2)),
        np.ones((2, 3)),
        np.array([[np.nan, 1], [1, 1]]),
        np.array([[1j, 1], [1, 1]]),
        [np.ones((2, 2)), np.ones((2, 2))],
    ],
)
def test_what_is_no_such_matrix_has_no_picture(value: object) -> None:
    assert picture(MAP, value) is None
    assert earned(FullMarks("You know.", shown=MAP), value).picture is None


def test_words_alone_will_do() -> None:
    assert earned(FullMarks("You know."), None).picture is None

"""Which guesses are right, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.selfcheck.checkfile import PredictionData
from autograder.selfcheck.guessed import found, judged

SHAPE = PredictionData(
    "the shape", "shape", [10, 12], "Rows are tokens.", wrong=[([12, 10], "The other way round.")]
)
WORD = PredictionData("the word", "one", ["neither"], "Both are as far.", others=[["none"]])
NUMBER = PredictionData("the number", "one", [0.5], "Half of it.")
COUNT = PredictionData("how many", "one", [10], "Ten words.")
YES = PredictionData("does it", "one", [True], "It does.")
SEVERAL = PredictionData("which two", "several", ["a", "philanthropist"], "The largest.")


@pytest.mark.parametrize(
    ("asked", "guess"),
    [
        (SHAPE, (10, 12)), (SHAPE, [10, 12]), (SHAPE, np.zeros((10, 12)).shape), (SHAPE, np.array([10, 12])), (SHAPE, (10.0, 12)),
        (SHAPE, (np.int64(10), 12)),
        (WORD, "neither"), (WORD, " Neither. "), (WORD, "none"), (NUMBER, 0.5), (NUMBER, 0.505), (NUMBER, np.float64(0.5)),
        (COUNT, 10), (COUNT, 10.0), (YES, True), (YES, "yes"), (YES, np.True_), (SEVERAL, {"philanthropist", "a"}),
        (SEVERAL, ["A", "philanthropist"]), (SEVERAL, "a and philanthropist"), (SEVERAL, "philanthropist, a"),
    ],
)  # fmt: skip
def test_right_guesses(asked: PredictionData, guess: object) -> None:
    said = judged(asked, guess)
    assert (said.verdict, said.said) == ("right", asked.why)


@pytest.mark.parametrize(
    ("asked", "guess", "repeated"),
    [
        (SHAPE, (10,), "(10,)"), (SHAPE, (1, 2, 3), "(1, 2, 3)"), (WORD, "player", "“player”"), (NUMBER, 0.6, "0.6"), (NUMBER, float("inf"), ""),
        (COUNT, 11, "11"), (COUNT, 9.999, "9.999"), (COUNT, -10, "−10"), (YES, "no", "“no”"), (YES, False, "False"),
        (SEVERAL, {"a"}, "“a”"), (SEVERAL, {"a", "b"}, "“a” and “b”"), (WORD, "x" * 500, f"“{'x' * 30} … {'x' * 30}”"),
    ],
)  # fmt: skip
def test_wrong_guesses(asked: PredictionData, guess: object, repeated: str) -> None:
    said = judged(asked, guess)
    assert said.guess == repeated
    assert said.verdict == ("wrong" if repeated else "no guess")


def test_a_wrong_guess_that_is_known_has_a_sentence_of_its_own() -> None:
    assert judged(SHAPE, (12, 10)).said == "The other way round. Rows are tokens."
    assert judged(SHAPE, (12, 11)).said == "Rows are tokens."


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (SHAPE, "a shape, such as (3, 4)"),
        (PredictionData("q", "shape", [4], "so"), "a shape, such as (3,)"),
        (WORD, "a word in quotes"),
        (COUNT, "a number"),
        (YES, "True or False"),
        (SEVERAL, 'several words in braces, such as {"one", "other"}'),
        (PredictionData("q", "several", [1, 2], "so"), "several numbers in braces, such as {3, 4}"),
    ],
)
def test_no_guess_yet_says_what_one_looks_like(asked: PredictionData, form: str) -> None:
    assert judged(asked, ...).said == f"Your guess goes in place of the dots: {form}."
    for odd in (None, object, lambda: 1, [], [[1], [2]], {1: 2}, 10**400, b"", asked):
        said = judged(asked, odd)
        assert (said.verdict, said.said) == ("no guess", f"Your guess should be {form}.")


def test_a_question_is_found_whatever_its_blanks_and_capitals() -> None:
    assert found([SHAPE, WORD], " The  Word") is WORD
    assert found([SHAPE, WORD], "another") is None
    assert found([SHAPE, WORD], 3) is None

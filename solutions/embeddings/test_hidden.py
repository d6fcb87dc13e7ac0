"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.checking.graders import Attempt, check, fail


@check("one_hot", "each 1 in the column of its word", points=1.0)
def test_one_hot_columns(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "a short sentence", "ten tokens, ten words")


@check("one_hot", "repeated words", points=0.5)
def test_one_hot_repeated(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "repeated words", "more tokens than words")


@check("one_hot", "words that look alike", points=0.25)
def test_one_hot_look_alikes(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "words that look alike")


@check("one_hot", "one token", points=0.25)
def test_one_hot_one_token(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "one token")


@check("one_hot", "no tokens", points=0.25)
def test_one_hot_no_tokens(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "no tokens")


@check("one_hot", "an unknown word is an error", points=0.25)
def test_one_hot_unknown_word(attempt: Attempt) -> None:
    attempt.agrees("one_hot", "an unknown word")


@check("one_hot", "a single 1 in each row", points=0.25, kind="property")
def test_one_hot_rows(attempt: Attempt) -> None:
    for _, result in attempt.arrays("one_hot", "a short sentence", "repeated words", "ten tokens, ten words"):
        if not np.all((result == 0) | (result == 1)):
            fail("The result holds numbers other than 0 and 1.")
        if not np.all(result.sum(axis=-1) == 1):
            fail("Some rows of the result do not hold exactly one 1.")


@check("one_hot", "leaves its inputs alone", points=0.25, kind="property")
def test_one_hot_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("one_hot")


@check("project_qkv", "the projections of a short sentence", points=1.0)
def test_project_qkv_sentence(attempt: Attempt) -> None:
    attempt.agrees("project_qkv", "a short sentence")


@check("project_qkv", "the sizes of the lesson", points=0.5)
def test_project_qkv_lesson(attempt: Attempt) -> None:
    attempt.agrees("project_qkv", "the sizes of the lesson")


@check("project_qkv", "sizes that all differ", points=0.5)
def test_project_qkv_sizes(attempt: Attempt) -> None:
    attempt.agrees("project_qkv", "values wider than keys", "more features than embeddings")


@check("project_qkv", "all sizes equal", points=0.25)
def test_project_qkv_square(attempt: Attempt) -> None:
    attempt.agrees("project_qkv", "all sizes equal")


@check("project_qkv", "one token", points=0.5)
def test_project_qkv_one_token(attempt: Attempt) -> None:
    attempt.agrees("project_qkv", "one token")


@check("project_qkv", "leaves its inputs alone", points=0.25, kind="property")
def test_project_qkv_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("project_qkv")

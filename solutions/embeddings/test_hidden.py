"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.author import Attempt, agrees, check, fail, leaves_inputs_alone

test_one_hot_columns = agrees(
    "one_hot", "each 1 in the column of its word", "a short sentence", "ten tokens, ten words", points=1.0
)
test_one_hot_repeated = agrees(
    "one_hot", "repeated words", "repeated words", "more tokens than words", points=0.5
)
test_one_hot_look_alikes = agrees("one_hot", "words that look alike", "words that look alike", points=0.25)
test_one_hot_one_token = agrees("one_hot", "one token", "one token", points=0.25)
test_one_hot_no_tokens = agrees("one_hot", "no tokens", "no tokens", points=0.25)
test_one_hot_unknown_word = agrees("one_hot", "an unknown word is an error", "an unknown word", points=0.25)


@check("one_hot", "a single 1 in each row", points=0.25, kind="property")
def test_one_hot_rows(attempt: Attempt) -> None:
    for _, result in attempt.arrays("one_hot", "a short sentence", "repeated words", "ten tokens, ten words"):
        if not np.all((result == 0) | (result == 1)):
            fail("The result holds numbers other than 0 and 1.")
        if not np.all(result.sum(axis=-1) == 1):
            fail("Some rows of the result do not hold exactly one 1.")


test_one_hot_inputs = leaves_inputs_alone("one_hot", points=0.25)
test_project_qkv_sentence = agrees(
    "project_qkv", "the projections of a short sentence", "a short sentence", points=1.0
)
test_project_qkv_lesson = agrees(
    "project_qkv", "the sizes of the lesson", "the sizes of the lesson", points=0.5
)
test_project_qkv_sizes = agrees(
    "project_qkv",
    "sizes that all differ",
    "values wider than keys",
    "more features than embeddings",
    points=0.5,
)
test_project_qkv_square = agrees("project_qkv", "all sizes equal", "all sizes equal", points=0.25)
test_project_qkv_one_token = agrees("project_qkv", "one token", "one token", points=0.5)
test_project_qkv_inputs = leaves_inputs_alone("project_qkv", points=0.25)

"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.author import Attempt, agrees, check, fail, has_shape, leaves_inputs_alone

# ---------------------------------------------------------------------------------------------- scaled_scores

test_scaled_scores_sentence = agrees(
    "scaled_scores", "the scores of a short sentence", "a short sentence", points=0.75
)
test_scaled_scores_rectangular = agrees(
    "scaled_scores",
    "more queries than keys, or fewer",
    "more queries than keys",
    "more keys than queries",
    points=0.75,
)
test_scaled_scores_sizes = agrees(
    "scaled_scores", "any d_k", "the sizes of the lesson", "all sizes equal", points=0.5
)
test_scaled_scores_negative = agrees("scaled_scores", "negative scores", "all scores negative", points=0.25)
test_scaled_scores_one_token = agrees("scaled_scores", "one token", "one token", points=0.25)
test_scaled_scores_shape = has_shape(
    "scaled_scores",
    "one score for each query and key",
    "more queries than keys",
    "more keys than queries",
    points=0.25,
    shape=lambda Query, Key: (len(Query), len(Key)),
    otherwise="The result should have one row for each query and one column for each key.",
)
test_scaled_scores_inputs = leaves_inputs_alone("scaled_scores", points=0.25)


# ---------------------------------------------------------------------------------------------------- softmax

test_softmax_tables = agrees(
    "softmax", "tables of scores", "a table of scores", "ten rows, ten columns", points=0.75
)
test_softmax_row = agrees("softmax", "a single row", "a single row", points=0.25)
test_softmax_stack = agrees("softmax", "a stack of tables", "a stack of tables", points=0.25)
test_softmax_negative = agrees("softmax", "all entries negative", "all entries negative", points=0.25)
test_softmax_huge = agrees("softmax", "huge entries", "huge entries", points=0.25)
test_softmax_rows_of_different_size = agrees(
    "softmax", "rows of very different size", "rows of very different size", points=0.25
)
test_softmax_minus_infinity = agrees(
    "softmax", "minus infinity gets no weight", "some entries minus infinity", points=0.25
)


@check("softmax", "each row adds up to 1", points=0.5, kind="property")
def test_softmax_rows_sum_to_one(attempt: Attempt) -> None:
    for _, result in attempt.arrays("softmax", "a table of scores", "a single row", "a stack of tables"):
        # Wide enough for weights rounded to four decimals, which the checks of values judge.
        if not np.allclose(result.sum(axis=-1), 1, atol=5e-4):
            fail("Some rows of the result do not add up to 1.")


test_softmax_inputs = leaves_inputs_alone("softmax", points=0.25)


# ----------------------------------------------------------------------------------------------------- attend

test_attend_sentence = agrees("attend", "the output of a short sentence", "a short sentence", points=1.0)
test_attend_rectangular = agrees(
    "attend",
    "more queries than keys, or fewer",
    "more queries than keys",
    "more keys than queries",
    points=1.0,
)
test_attend_sizes = agrees(
    "attend", "any d_k and d_v", "the sizes of the lesson", "all sizes equal", points=0.5
)
test_attend_one_token = agrees("attend", "one token", "one token", points=0.25)
test_attend_huge = agrees("attend", "huge scores", "huge scores", points=0.5)
test_attend_shape = has_shape(
    "attend",
    "one output row for each query",
    "more queries than keys",
    "more keys than queries",
    points=0.25,
    shape=lambda Query, Key, Value: (len(Query), Value.shape[-1]),
    otherwise="The result should have one row for each query and one column for each feature of a value.",
)


@check("attend", "outputs lie between the values", points=0.25, kind="property")
def test_attend_averages(attempt: Attempt) -> None:
    for case, result in attempt.arrays("attend", "a short sentence", "more keys than queries"):
        Value = case.args[2]
        if result.shape[-1:] != Value.shape[-1:]:
            fail("An output should have as many features as a value.")
        low, high = Value.min(axis=0) - 5e-4, Value.max(axis=0) + 5e-4
        if not np.all((low <= result) & (result <= high)):
            fail("An output is an average of the values, but some lie outside of all of them.")


test_attend_inputs = leaves_inputs_alone("attend", points=0.25)

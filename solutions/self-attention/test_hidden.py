"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.checking.graders import Attempt, check, fail

# ---------------------------------------------------------------------------------------------- scaled_scores


@check("scaled_scores", "the scores of a short sentence", points=0.75)
def test_scaled_scores_sentence(attempt: Attempt) -> None:
    attempt.agrees("scaled_scores", "a short sentence")


@check("scaled_scores", "more queries than keys, or fewer", points=0.75)
def test_scaled_scores_rectangular(attempt: Attempt) -> None:
    attempt.agrees("scaled_scores", "more queries than keys", "more keys than queries")


@check("scaled_scores", "any d_k", points=0.5)
def test_scaled_scores_sizes(attempt: Attempt) -> None:
    attempt.agrees("scaled_scores", "the sizes of the lesson", "all sizes equal")


@check("scaled_scores", "negative scores", points=0.25)
def test_scaled_scores_negative(attempt: Attempt) -> None:
    attempt.agrees("scaled_scores", "all scores negative")


@check("scaled_scores", "one token", points=0.25)
def test_scaled_scores_one_token(attempt: Attempt) -> None:
    attempt.agrees("scaled_scores", "one token")


@check("scaled_scores", "one score for each query and key", points=0.25, kind="property")
def test_scaled_scores_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("scaled_scores", "more queries than keys", "more keys than queries"):
        Query, Key = case.args
        if result.shape != (len(Query), len(Key)):
            fail("The result should have one row for each query and one column for each key.")


@check("scaled_scores", "leaves its inputs alone", points=0.25, kind="property")
def test_scaled_scores_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("scaled_scores")


# ---------------------------------------------------------------------------------------------------- softmax


@check("softmax", "tables of scores", points=0.75)
def test_softmax_tables(attempt: Attempt) -> None:
    attempt.agrees("softmax", "a table of scores", "ten rows, ten columns")


@check("softmax", "a single row", points=0.25)
def test_softmax_row(attempt: Attempt) -> None:
    attempt.agrees("softmax", "a single row")


@check("softmax", "a stack of tables", points=0.25)
def test_softmax_stack(attempt: Attempt) -> None:
    attempt.agrees("softmax", "a stack of tables")


@check("softmax", "all entries negative", points=0.25)
def test_softmax_negative(attempt: Attempt) -> None:
    attempt.agrees("softmax", "all entries negative")


@check("softmax", "huge entries", points=0.25)
def test_softmax_huge(attempt: Attempt) -> None:
    attempt.agrees("softmax", "huge entries")


@check("softmax", "rows of very different size", points=0.25)
def test_softmax_rows_of_different_size(attempt: Attempt) -> None:
    attempt.agrees("softmax", "rows of very different size")


@check("softmax", "minus infinity gets no weight", points=0.25)
def test_softmax_minus_infinity(attempt: Attempt) -> None:
    attempt.agrees("softmax", "some entries minus infinity")


@check("softmax", "each row adds up to 1", points=0.5, kind="property")
def test_softmax_rows_sum_to_one(attempt: Attempt) -> None:
    for _, result in attempt.arrays("softmax", "a table of scores", "a single row", "a stack of tables"):
        # Wide enough for weights rounded to four decimals, which the checks of values judge.
        if not np.allclose(result.sum(axis=-1), 1, atol=5e-4):
            fail("Some rows of the result do not add up to 1.")


@check("softmax", "leaves its inputs alone", points=0.25, kind="property")
def test_softmax_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("softmax")


# ----------------------------------------------------------------------------------------------------- attend


@check("attend", "the output of a short sentence", points=1.0)
def test_attend_sentence(attempt: Attempt) -> None:
    attempt.agrees("attend", "a short sentence")


@check("attend", "more queries than keys, or fewer", points=1.0)
def test_attend_rectangular(attempt: Attempt) -> None:
    attempt.agrees("attend", "more queries than keys", "more keys than queries")


@check("attend", "any d_k and d_v", points=0.5)
def test_attend_sizes(attempt: Attempt) -> None:
    attempt.agrees("attend", "the sizes of the lesson", "all sizes equal")


@check("attend", "one token", points=0.25)
def test_attend_one_token(attempt: Attempt) -> None:
    attempt.agrees("attend", "one token")


@check("attend", "huge scores", points=0.5)
def test_attend_huge(attempt: Attempt) -> None:
    attempt.agrees("attend", "huge scores")


@check("attend", "one output row for each query", points=0.25, kind="property")
def test_attend_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("attend", "more queries than keys", "more keys than queries"):
        Query, _, Value = case.args
        if result.shape != (len(Query), Value.shape[-1]):
            fail("The result should have one row for each query and one column for each feature of a value.")


@check("attend", "outputs lie between the values", points=0.25, kind="property")
def test_attend_averages(attempt: Attempt) -> None:
    for case, result in attempt.arrays("attend", "a short sentence", "more keys than queries"):
        Value = case.args[2]
        if result.shape[-1:] != Value.shape[-1:]:
            fail("An output should have as many features as a value.")
        low, high = Value.min(axis=0) - 5e-4, Value.max(axis=0) + 5e-4
        if not np.all((low <= result) & (result <= high)):
            fail("An output is an average of the values, but some lie outside of all of them.")


@check("attend", "leaves its inputs alone", points=0.25, kind="property")
def test_attend_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("attend")

"""What must hold of results besides their numbers; the checks of cases stand in `inputs.py`."""

import numpy as np

from autograder.author import Attempt, check, fail


@check("scaled_scores", "one score for each query and key", weight=1, kind="property")
def test_scaled_scores_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("scaled_scores", "more queries than keys", "more keys than queries"):
        if result.shape != (len(case.args[0]), len(case.args[1])):
            fail("The result should have one row for each query and one column for each key.")


@check("softmax", "each row adds up to 1", weight=2, kind="property")
def test_softmax_rows_sum_to_one(attempt: Attempt) -> None:
    for _, result in attempt.arrays("softmax", "a table of scores", "a single row", "a stack of tables"):
        # Wide enough for weights rounded to four decimals, which the checks of values judge.
        if not np.allclose(result.sum(axis=-1), 1, atol=5e-4):
            fail("Some rows of the result do not add up to 1.")


@check("attend", "one output row for each query", weight=1, kind="property")
def test_attend_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("attend", "more queries than keys", "more keys than queries"):
        if result.shape != (len(case.args[0]), case.args[2].shape[-1]):
            fail("The result should have one row for each query and one column for each feature of a value.")


@check("attend", "outputs lie between the values", weight=1, kind="property")
def test_attend_averages(attempt: Attempt) -> None:
    for case, result in attempt.arrays("attend", "a short sentence", "more keys than queries"):
        Value = case.args[2]
        if result.shape[-1:] != Value.shape[-1:]:
            fail("An output should have as many features as a value.")
        low, high = Value.min(axis=0) - 5e-4, Value.max(axis=0) + 5e-4
        if not np.all((low <= result) & (result <= high)):
            fail("An output is an average of the values, but some lie outside of all of them.")

"""What must hold of results besides their numbers; the checks of cases stand in `inputs.py`."""

import numpy as np

from autograder.author import Attempt, check, fail


@check("one_hot", "a single 1 in each row", weight=1, kind="property")
def test_one_hot_single_one(attempt: Attempt) -> None:
    for _, result in attempt.arrays("one_hot", "a short sentence", "repeated words", "ten tokens, ten words"):
        if not np.all((result == 0) | (result == 1)):
            fail("The result holds numbers other than 0 and 1.")
        if not np.all(result.sum(axis=-1) == 1):
            fail("Some rows of the result do not hold exactly one 1.")

"""What must hold of results besides their numbers; the checks of cases stand in `inputs.py`."""

from autograder.author import Attempt, check, fail


@check("multi_head", "a row as wide as its embedding for each token", weight=2, kind="property")
def test_multi_head_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("multi_head", "two heads", "three heads", "one head"):
        if result.shape != case.args[0].shape:
            fail("The result should have the same shape as the embeddings.")

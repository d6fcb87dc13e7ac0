"""The hidden checks of this unit and what they are worth."""

from autograder.checking.graders import Attempt, check, fail


@check("multi_head", "two heads", points=1.5)
def test_multi_head_two_heads(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "two heads")


@check("multi_head", "three heads", points=1.0)
def test_multi_head_three_heads(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "three heads")


@check("multi_head", "one head", points=0.5)
def test_multi_head_one_head(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "one head")


@check("multi_head", "heads that fill the model", points=0.75)
def test_multi_head_filled(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "heads that fill the model")


@check("multi_head", "all sizes equal", points=0.5)
def test_multi_head_equal(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "all sizes equal")


@check("multi_head", "one token", points=0.25)
def test_multi_head_one_token(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "one token")


@check("multi_head", "huge scores", points=0.5)
def test_multi_head_huge(attempt: Attempt) -> None:
    attempt.agrees("multi_head", "huge scores")


@check("multi_head", "a row as wide as its embedding for each token", points=0.5, kind="property")
def test_multi_head_shape(attempt: Attempt) -> None:
    for case, result in attempt.arrays("multi_head", "two heads", "three heads", "one head"):
        if result.shape != case.args[0].shape:
            fail("The result should have the same shape as the embeddings.")


@check("multi_head", "leaves its inputs alone", points=0.5, kind="property")
def test_multi_head_inputs(attempt: Attempt) -> None:
    attempt.leaves_inputs_alone("multi_head")

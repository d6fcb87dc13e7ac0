"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.author import Attempt, agrees, check, fail

test_walks = agrees("walk", "walks", "some seconds", "half a minute", "twelve seconds", points=2.0)
test_no_time = agrees("walk", "no time at all", "no time at all", points=0.5)


@check("walk", "steps are of one centimetre", points=0.5, kind="property")
def test_steps(attempt: Attempt) -> None:
    for _, places in attempt.arrays("walk", "some seconds", "half a minute"):
        if not np.allclose(np.abs(np.diff(places)), 1):
            fail("Some steps are no centimetre long.")

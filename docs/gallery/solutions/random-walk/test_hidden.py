"""What must hold of results besides their numbers; the checks of cases stand in `inputs.py`."""

import numpy as np

from autograder.author import Attempt, check, fail


@check("walk", "steps are of one centimetre", weight=1, kind="property")
def test_steps(attempt: Attempt) -> None:
    for _, places in attempt.arrays("walk", "some seconds", "half a minute"):
        if not np.allclose(np.abs(np.diff(places)), 1):
            fail("Some steps are no centimetre long.")

"""What must hold of results besides their numbers; the checks of cases stand in `inputs.py`."""

import numpy as np

from autograder.author import Attempt, Returned, check, fail


@check("k_means_step", "labels are places of centres", weight=1, kind="property")
def test_labels(attempt: Attempt) -> None:
    for trial in attempt.trials("k_means_step"):
        match trial.outcome:
            case Returned(value=(np.ndarray() as labels, _)):
                if not np.isin(labels, np.arange(len(trial.case.args[1]))).all():
                    fail("Some labels are no place of a centre.")
            case _:
                fail("No two arrays came back.")

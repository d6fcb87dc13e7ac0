"""The hidden checks of this unit and what they are worth."""

import numpy as np

from autograder.author import Attempt, Returned, agrees, check, fail, leaves_inputs_alone

test_plane = agrees("k_means_step", "two clouds in the plane", "two clouds in the plane", points=1.0)
test_space = agrees(
    "k_means_step",
    "clouds of other sizes",
    "three clouds in space",
    "as many points as features",
    points=1.5,
)
test_alone = agrees("k_means_step", "a centre without points", "a centre to which nothing comes", points=0.5)


@check("k_means_step", "labels are places of centres", points=0.5, kind="property")
def test_labels(attempt: Attempt) -> None:
    for trial in attempt.trials("k_means_step"):
        match trial.outcome:
            case Returned(value=(np.ndarray() as labels, _)):
                if not np.isin(labels, np.arange(len(trial.case.args[1]))).all():
                    fail("Some labels are no place of a centre.")
            case _:
                fail("No two arrays came back.")


test_inputs = leaves_inputs_alone("k_means_step", points=0.5)

"""A variable is asked for once, and has no arguments."""

import numpy as np

from autograder.author import Case


def week_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (Case("the week", (), asks="variable"),)


CASES = {"week": week_cases}

CHECKS = {"week": {"the three numbers of the week": (1, "the week")}}

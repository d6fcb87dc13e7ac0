"""The numbers whose times table is printed."""

import numpy as np

from autograder.author import Case


def times_table_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    small, large = int(rng.integers(3, 10)), int(rng.integers(11, 30))
    few, many = int(rng.integers(3, 6)), int(rng.integers(11, 15))
    return (
        Case("ten lines", (small,), asks="printed"),
        Case("a few lines", (large, few), asks="printed"),
        Case("many lines", (small, many), asks="printed"),
        Case("a negative number", (-large, few), asks="printed"),
        Case("no lines", (small, 0), asks="printed", kind="no-tokens"),
    )


CASES = {"times_table": times_table_cases}

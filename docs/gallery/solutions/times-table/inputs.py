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
        Case("no lines", (small, 0), asks="printed", kind="empty"),
    )


CASES = {"times_table": times_table_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "times_table": {
        "ten lines": 2,
        "as many lines as asked for": (2, "a few lines", "many lines"),
        "a negative number": 1,
        "no lines": 1,
    },
}

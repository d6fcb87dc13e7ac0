"""The boxes that are emptied."""

import numpy as np

from autograder.author import Case


def flatten_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    # No two numbers are the same, and they are in no order: who sorts, or drops what repeats, is found out.
    a, b, c, d, e, f, g = (int(number) for number in rng.permutation(np.arange(10, 99))[:7])
    return (
        Case("a box in a box", ([a, [b, c], d],)),
        Case("boxes one in another", ([a, [b, [c, [d, e]], f], g],)),
        Case("a box first and a box last", ([[[a], b], c, [d, [e, f]]],)),
        Case("an empty box among others", ([a, [], [b, [[]], c]],)),
        Case("a number twice", ([a, [b, a], [[a]]],)),
        Case("no box inside", ([a, b, c],)),
        Case("nothing at all", ([],), kind="empty"),
    )


CASES = {"flatten": flatten_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "flatten": {
        "a box in a box": (1, "a box in a box", "no box inside"),
        "boxes one in another": (2, "boxes one in another", "a box first and a box last"),
        "a number that comes twice": (1, "a number twice"),
        "empty boxes": (1, "an empty box among others", "nothing at all"),
        "leaves its inputs alone": 1,
    },
}

"""Where a ladybird starts, and the seed of its coins."""

import numpy as np

from autograder.author import Case, CaseKind, Seeded


def walk_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def walk(name: str, seconds: int, kind: CaseKind = "ordinary") -> Case:
        start = round(float(rng.uniform(2, 9)), 2)
        return Case(name, (start, seconds, Seeded(int(rng.integers(1000)))), kind=kind)

    return (
        walk("some seconds", 7),
        walk("half a minute", 30),
        walk("twelve seconds", 12),
        walk("no time at all", 0, kind="empty"),
    )


CASES = {"walk": walk_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "walk": {
        "walks": (4, "some seconds", "half a minute", "twelve seconds"),
        "no time at all": 1,
    },
}

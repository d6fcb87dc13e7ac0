"""Hills, as the source of their slope, and how to walk on them."""

import numpy as np

from autograder.author import Case, CaseKind, Code


def descend_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    lake, other = (round(float(place), 1) for place in rng.uniform([1, -4], [4, -1]))
    bowl = Code(f"lambda x: 2 * (x - {lake})")
    waves = Code(f"lambda x: np.cos(x) + 0.5 * (x - {other})")
    steep = Code(f"def slope(x):\n    gap = x - {lake}\n    return 4 * gap**3")

    def walk(name: str, slope: Code, steps: int, kind: CaseKind = "ordinary") -> Case:
        # Numbers with decimals: each student starts elsewhere, and walks at a pace of their own.
        start = round(float(rng.uniform(0.3, 0.8)), 2)
        return Case(name, (slope, start, round(float(rng.uniform(0.04, 0.07)), 3), steps), kind=kind)

    return (
        walk("a round valley", bowl, 5),
        walk("a valley with waves", waves, 8),
        walk("steep walls", steep, 4),
        walk("one step", waves, 1),
        walk("no steps", bowl, 0, kind="empty"),
    )


CASES = {"descend": descend_cases}

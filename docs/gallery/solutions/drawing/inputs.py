"""How two sunflowers grow."""

import numpy as np

from autograder.author import Array, Case


def plot_growth_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def grown(weeks: Array) -> Array:
        return np.round(np.cumsum(rng.uniform(2.0, 19.0, size=weeks.size)), 1)

    def summer(name: str, weeks: Array) -> Case:
        return Case(name, (weeks, grown(weeks), grown(weeks)), asks="drawing")

    return (
        summer("a month", np.arange(1, 5)),
        summer("a whole summer", np.arange(1, 13)),
        summer("every other week", np.arange(2, 13, 2)),
    )


CASES = {"plot_growth": plot_growth_cases}

"""A function that takes a function, two floats and an int, and returns a float."""

from collections.abc import Callable

from autograder.author import plain


def descend(slope: Callable[[float], float], x: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        x = x - rate * slope(x)
    return x


PROCEDURES = {"descend": plain(descend)}

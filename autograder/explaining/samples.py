"""What the values of the steps on a few inputs say about them: which are arrays, of how many dimensions and sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.course.steps import Procedure, Step, Values


def all_arrays(samples: Sequence[Values], symbol: str) -> bool:
    """Whether a symbol stands for an array on every input."""
    return all(isinstance(values[symbol], np.ndarray) for values in samples)


def least_dimensions(samples: Sequence[Values], symbol: str) -> int:
    """The fewest dimensions that a symbol has; 0 where it is no array."""
    return min(np.ndim(values[symbol]) for values in samples) if all_arrays(samples, symbol) else 0


def keeps_shape(step: Step, samples: Sequence[Values]) -> bool:
    """Whether a step changes numbers and nothing else about its first operand."""
    return all_arrays(samples, step.operands[0]) and all(
        np.shape(values[step.symbol]) == np.shape(values[step.operands[0]]) for values in samples
    )


def gives_its_size_alone(step: Step, place: int, samples: Sequence[Values]) -> bool:
    """Whether the numbers of an operand play no part in a step."""
    for values in samples:
        operands = [values[symbol] for symbol in step.operands]
        try:
            # What is no table, such as arrays of other sizes in a list, has no table of zeros.
            operands[place] = np.zeros_like(operands[place])
            same = len(operands) > 1 and np.array_equal(step.op(*operands), values[step.symbol])
        except Exception:  # as where a table of zeros is to be inverted
            return False
        if not same:
            return False
    return True


def folds(step: Step, samples: Sequence[Values]) -> bool:
    """Whether a step makes one number of each row."""
    return all_arrays(samples, step.operands[0]) and all(
        np.shape(values[step.symbol]) == (*np.shape(values[step.operands[0]])[:-1], 1) for values in samples
    )


def differing_sizes(procedure: Procedure, samples: Sequence[Values]) -> list[tuple[str, int, str]]:
    """The sizes that differ from each other on some input: a parameter, its axis, and words for it."""
    found: dict[tuple[int, ...], tuple[str, int, str]] = {}
    for parameter in procedure.parameters:
        least = least_dimensions(samples, parameter)
        for axis in range(-least, 0):
            sizes = tuple(values[parameter].shape[axis] for values in samples)
            if set(sizes) != {1}:
                found.setdefault(sizes, (parameter, axis, _size_in_words(parameter, axis, least)))
    return list(found.values())


def _size_in_words(parameter: str, axis: int, dimensions: int) -> str:
    places = {-1: "columns", -2: "rows", -3: "tables"}
    return f"the number of {places.get(axis, 'blocks')} of `{parameter}`"

"""What a test cell that ran is worth, as the installed nbgrader reads it off the cell's outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.errors import AutograderError

_NUMBERS = (bool, int, float, complex, np.generic)


class TooManyPointsError(AutograderError):
    """The number that a cell gives is more than its points; nbgrader then grades nothing."""


def score(value: Any, max_score: float, *, complained: bool) -> float:
    """The points of a cell that ran to its end and whose last value is this; `complained`: something went to stderr.

    As `nbgrader.utils.determine_grade`: nothing where something went to stderr; the number where the last value is one; else
    all points. TooManyPointsError where the number is more than those.
    """
    if complained:
        return 0.0
    number = _number(value)
    if number is None or not number >= 0.0:
        return max_score
    if number > max_score:
        raise TooManyPointsError("partial credit cannot be greater than maximum points for cell")
    return number


def _number(value: Any) -> float | None:
    """The value as a notebook shows it, read as a number; None where it is none."""
    if not isinstance(value, _NUMBERS):
        return None
    try:
        return float(repr(value))  # of True, and of NumPy's numbers since its second version, there is none
    except ValueError:
        return None

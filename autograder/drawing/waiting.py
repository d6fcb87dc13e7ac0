"""The one line that stands where a cell of a lesson could not go on, since a function is not written yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from autograder.drawing.admitted import UndrawableError
from autograder.words import clipped, listed

_MOST: Final = 200  # characters of an error


def names_of(functions: Sequence[object]) -> list[str]:
    """Functions by their names; a text is one already."""
    names = [one if isinstance(one, str) else getattr(one, "__name__", None) for one in functions]
    return [name for name in names if isinstance(name, str)] or ["function"]


def line(names: Sequence[str], error: Exception) -> str:
    """What a cell waits for, and what became of it."""
    said = str(error) if isinstance(error, UndrawableError) else _shown(error)
    return f"This cell waits for your {listed(names)}: check({names[0]}) says why. ({clipped(said, _MOST)})"


def _shown(error: Exception) -> str:
    try:
        return " ".join(repr(error).split())
    except Exception:  # an error of the student's own that cannot even be shown
        return type(error).__name__

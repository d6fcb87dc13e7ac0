"""The shades behind numbers: how deep, in which colour, and that what is written on them can be read on any ground."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.drawing.admitted import Numbers

# Both are told from white and from the dark grounds of notebooks by a contrast of three to one.
POSITIVE: Final = "#4f86f0"
NEGATIVE: Final = "#d9700f"
# More would take the contrast of a number from the ground below 4.5 to one, in one theme or another.
DEEPEST: Final = 0.4


def depths(array: Numbers) -> Numbers:
    """How deep each entry is shaded, from -1 (the most negative colour) to 1; infinite and zero ones are not shaded."""
    finite = np.where(np.isfinite(array), array, 0.0)
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    return finite / largest if largest > 0 else np.zeros_like(finite)


def ground(depth: float) -> str:
    """The colour behind a number, as CSS; empty where there is none to see."""
    alpha = round(DEEPEST * abs(depth), 2)
    if not alpha:
        return ""
    return f"rgba({_channels(POSITIVE if depth > 0 else NEGATIVE)},{alpha:g})"


def _channels(colour: str) -> str:
    return ",".join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))

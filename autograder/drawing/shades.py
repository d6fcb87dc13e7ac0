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
# On pages and in checks red signs stand on the shades as well.
_LEVELS: Final = 6
_STEP: Final = 0.05


def depths(array: Numbers, largest: float | None = None) -> Numbers:
    """How deep each entry is shaded, from -1 (the most negative colour) to 1; infinite and zero ones are not shaded.

    `largest` has the deepest shade, by itself the largest finite number of the array; larger ones have the same.
    """
    finite = np.where(np.isfinite(array), array, 0.0)
    top = largest_of(array) if largest is None else largest
    return np.clip(finite / top, -1.0, 1.0) if top > 0 else np.zeros_like(finite)


def largest_of(array: Numbers) -> float:
    """The size of the largest finite number; 0 where there is none."""
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max()) if finite.size else 0.0


def ground(depth: float) -> str:
    """The colour behind a number, as CSS; empty where there is none to see."""
    alpha = round(DEEPEST * abs(depth), 2)
    if not alpha:
        return ""
    return f"rgba({_channels(POSITIVE if depth > 0 else NEGATIVE)},{alpha:g})"


def names(array: Numbers, largest: float | None = None) -> list[list[str]]:
    """For each entry of a matrix the name of its shade, a class of `rules`: p for above 0, n for below; or none."""
    levels = np.rint(depths(array, largest) * _LEVELS).astype(int)
    return [[_NAMES[level] for level in row] for row in levels.tolist()]


def is_deep(name: str) -> bool:
    """Whether a shade is one of the deeper half: what a terminal shows bold."""
    return name != "" and 2 * int(name[1:]) > _LEVELS


def rules(within: str) -> str:
    """The style of the shades of a page's cells; `within` selects such cells."""
    return "\n".join(
        f"{within}.{kind}{level} {{ background: rgba({_channels(colour)},{_STEP * level:.2f}); }}"
        for kind, colour in (("p", POSITIVE), ("n", NEGATIVE))
        for level in range(1, _LEVELS + 1)
    )


# By level, from the end where it is negative.
_NAMES: Final = [
    "",
    *(f"p{level}" for level in range(1, _LEVELS + 1)),
    *(f"n{level}" for level in range(_LEVELS, 0, -1)),
]


def _channels(colour: str) -> str:
    return ",".join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))

"""Matrices as fields of squares: the larger a square, the larger its number; a negative one is hollow."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.drawing import canvas, shades
from autograder.drawing.admitted import Numbers

_LEAST: Final = 0.004  # of the largest: what is smaller is left out


def field(array: Numbers, x: float, y: float, cell: float, largest: float | None = None) -> str:
    """The squares of a matrix from its upper left corner on; `largest` fills a cell, by itself the largest of the matrix.

    Infinite numbers are crosses.
    """
    rows, columns = array.shape
    finite = np.where(np.isfinite(array), np.abs(array), 0.0)
    top = largest or float(finite.max()) or 1.0
    sides = np.sqrt(np.minimum(finite / top, 1.0)) * (cell - 2)
    filled: list[str] = []
    hollow: list[str] = []
    crosses: list[str] = []
    for (row, column), value in np.ndenumerate(array):
        middle_x, middle_y = x + (column + 0.5) * cell, y + (row + 0.5) * cell
        side = float(sides[row, column])
        if not np.isfinite(value):
            reach = cell / 2 - 3
            crosses.append(
                f"M{middle_x - reach:.1f} {middle_y - reach:.1f}l{2 * reach:.1f} {2 * reach:.1f}"
                f"m0 {-2 * reach:.1f}l{-2 * reach:.1f} {2 * reach:.1f}"
            )
        elif finite[row, column] >= _LEAST * top:
            inset = 0.0 if value > 0 else min(1.0, side / 2)
            side = max(side - 2 * inset, 0.6)
            start = f"M{middle_x - side / 2:.1f} {middle_y - side / 2:.1f}"
            (filled if value > 0 else hollow).append(f"{start}h{side:.1f}v{side:.1f}h{-side:.1f}z")
    return "".join(
        [
            canvas.tag(
                "rect",
                x=x,
                y=y,
                width=columns * cell,
                height=rows * cell,
                fill="currentColor",
                fill_opacity=0.05,
                stroke="currentColor",
                stroke_opacity=0.5,
            ),
            canvas.tag("path", d="".join(filled), fill=shades.POSITIVE) if filled else "",
            canvas.tag("path", d="".join(hollow), fill="none", stroke=shades.NEGATIVE, stroke_width=2)
            if hollow
            else "",
            canvas.tag("path", d="".join(crosses), fill="none", stroke="currentColor", stroke_opacity=0.6)
            if crosses
            else "",
        ]
    )


def legend(array: Numbers) -> str:
    """What the squares mean, as far as it is seen in the matrix."""
    said = ["The larger a square, the larger its number"]
    if np.any(array[np.isfinite(array)] < 0):
        said.append("hollow orange ones are negative")
    if np.any(np.isinf(array)):
        said.append("a cross is infinite")
    return "; ".join(said) + "."

"""Vectors as strips of cells: shaded and with their numbers, or as small bars where they are long."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import Numbers

_CELL: Final = 38  # the width of a cell with a number in it
_TALL, _GAP = 24, 6
_ROOM: Final = 420  # for the cells of one strip
_MOST_WITH_NUMBERS: Final = 12


def strips(vectors: Any, title: Any = "") -> canvas.Picture:
    """Each vector as a row of cells after its label; all are shaded by one scale."""
    found = [(label, admitted.vector(given, f"“{label}”")) for label, given in admitted.named(vectors)]
    title = admitted.title(title)
    largest = max(float(np.abs(np.where(np.isfinite(array), array, 0)).max()) for _, array in found)
    left = canvas.widest(label for label, _ in found) + 10
    longest = max(array.size for _, array in found)
    numbered = longest <= _MOST_WITH_NUMBERS
    cell = float(_CELL) if numbered else max(5.0, min(14.0, _ROOM / longest))
    parts, y = [], 4.0
    if title:
        parts.append(canvas.words(title, 0, 10, bold=True))
        y = 26.0
    for label, array in found:
        parts.append(canvas.words(label, left - 10, y + _TALL / 2, anchor="end"))
        parts.append(_strip(array, largest or 1.0, left, y, cell, numbered=numbered))
        y += _TALL + _GAP
    facts = ". ".join(f"{label}: {_in_words(array)}" for label, array in found)
    width = max(left + cell * longest + 4, canvas.width_of(title, bold=True) if title else 0)
    drawn = canvas.svg(parts, width, y, title or "Vectors as strips", facts)
    return canvas.frame([drawn], _text(title, found))


def _strip(array: Numbers, largest: float, x: float, y: float, cell: float, *, numbered: bool) -> str:
    digits = admitted.digits_of(array)
    parts = []
    for place, value in enumerate(array):
        left = x + place * cell
        depth = float(value) / largest if np.isfinite(value) else 0.0
        if numbered:
            parts.append(ground(left, y, cell, _TALL, depth))
            written = admitted.number(float(value), digits)
            parts.append(
                canvas.words(
                    written, left + cell / 2, y + _TALL / 2, anchor="middle", size=min(canvas.SMALL, 11)
                )
            )
        else:
            parts.append(_bar(left, y, cell, depth))
    parts.append(
        canvas.tag(
            "rect",
            x=x,
            y=y,
            width=cell * array.size,
            height=_TALL,
            fill="none",
            stroke="currentColor",
            stroke_opacity=0.5,
        )
    )
    if not numbered:
        middle = y + _TALL / 2
        parts.append(
            canvas.tag(
                "path", d=f"M{x:g} {middle:g}h{cell * array.size:g}", stroke="currentColor", opacity=0.5
            )
        )
    return "".join(parts)


def ground(x: float, y: float, width: float, height: float, depth: float) -> str:
    """The shaded ground of a cell, with a fine line around."""
    return canvas.tag(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=shades.POSITIVE if depth >= 0 else shades.NEGATIVE,
        fill_opacity=round(shades.DEEPEST * abs(depth), 2),
        stroke="currentColor",
        stroke_opacity=0.2,
    )


def _bar(x: float, y: float, cell: float, depth: float) -> str:
    """A bar upwards from the middle line, or downwards where the number is negative."""
    height = abs(depth) * (_TALL / 2 - 1)
    return canvas.tag(
        "rect",
        x=x + 0.5,
        y=y + _TALL / 2 - (height if depth > 0 else 0),
        width=cell - 1,
        height=height,
        fill=shades.POSITIVE if depth >= 0 else shades.NEGATIVE,
    )


def _in_words(array: Numbers) -> str:
    digits = admitted.digits_of(array)
    if array.size <= _MOST_WITH_NUMBERS:
        return ", ".join(admitted.number(float(value), digits) for value in array)
    low, high = (admitted.number(float(value), digits) for value in (array.min(), array.max()))
    return f"{array.size} numbers from {low} to {high}"


def _text(title: str, found: list[tuple[str, Numbers]]) -> str:
    width = max(len(label) for label, _ in found)
    lines = [title] if title else []
    for label, array in found:
        digits = admitted.digits_of(array)
        lines.append(
            f"{label:>{width}}  " + " ".join(f"{admitted.number(float(value), digits):>5}" for value in array)
        )
    return "\n".join(lines) + "\n"

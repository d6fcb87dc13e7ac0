"""The shapes of a product of matrices: boxes as tall as there are rows and as wide as there are columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Final

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import UndrawableError
from autograder.words import counted

_ROOM: Final = 110.0  # pixels of the longest side
_SHORTEST: Final = 16.0
_MOST_SIZE: Final = 100_000
_SIGN, _TOP = 26.0, 22.0
_BELOW: Final = 40.0  # for the name and the shape


def product(factors: Any, result: Any = "", cell: Any = None) -> canvas.Picture:
    """The factors, what comes of them, and of one number (`cell`) which row and which column it is made of."""
    found = [(name, _shape(given, name)) for name, given in admitted.named(factors)]
    if len(found) < 2:
        raise UndrawableError("a product has two factors or more")
    for (name, shape), (other, next_shape) in itertools.pairwise(found):
        if shape[1] != next_shape[0]:
            raise UndrawableError(
                f"“{name}” has {shape[1]} columns and “{other}” has {next_shape[0]} rows:"
                " the sizes that meet have to be the same"
            )
    outcome = (admitted.label(result), (found[0][1][0], found[-1][1][1]))
    spot = _spot(cell, outcome[1], len(found))
    longest = max(size for _, shape in [*found, outcome] for size in shape)
    boxes = [(name, shape, _scaled(shape, longest)) for name, shape in [*found, outcome]]
    tallest = max(height for _, _, (height, _) in boxes)
    parts: list[str] = []
    x = 0.0
    for place, (name, shape, (height, width)) in enumerate(boxes):
        rows = canvas.width_of(f"{shape[0]:,}", canvas.SMALL) + 7
        wide = max(canvas.width_of(name, bold=True), canvas.width_of(_written(shape), canvas.SMALL))
        left, top = x + max(rows, (wide - width) / 2), _TOP + (tallest - height) / 2
        parts += _box(name, shape, left, top, width, height, _TOP + tallest)
        if spot is not None:
            parts.append(_marked(spot, place, len(boxes), shape, left, top, width, height))
        x = left + width / 2 + max(width, wide) / 2
        if place < len(boxes) - 1:
            sign = "=" if place == len(boxes) - 2 else "@"
            parts.append(canvas.words(sign, x + _SIGN / 2, _TOP + tallest / 2, anchor="middle", size=16))
            x += _SIGN
    said = f"{' @ '.join(f'{name} {_written(shape)}' for name, shape in found)} = {_in_words(outcome)}"
    facts = _facts(found, outcome, spot)
    drawn = canvas.svg(parts, x + 6, _TOP + tallest + _BELOW, said, facts)
    return canvas.frame([drawn], f"{said}\n{facts}\n")


def _shape(given: Any, name: str) -> tuple[int, int]:
    shape = getattr(given, "shape", given)
    try:
        sizes = tuple(int(size) for size in itertools.islice(shape, 9))
    except (TypeError, ValueError):
        raise UndrawableError(f"“{name}” should be a shape such as (10, 6)") from None
    if len(sizes) != 2 or not all(1 <= size <= _MOST_SIZE for size in sizes):
        raise UndrawableError(f"“{name}” should be a shape of two sizes such as (10, 6), and is {sizes}")
    return sizes[0], sizes[1]


def _spot(cell: Any, shape: tuple[int, int], factors: int) -> tuple[int, int] | None:
    if cell is None:
        return None
    try:
        row, column = (int(one) for one in cell)
    except (TypeError, ValueError):
        raise UndrawableError("the cell to mark should be a row and a column such as (6, 3)") from None
    if factors != 2 or not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise UndrawableError(f"there is no cell [{row}, {column}] in the product of two matrices of {shape}")
    return row, column


def _scaled(shape: tuple[int, int], longest: int) -> tuple[float, float]:
    height, width = (max(_SHORTEST, _ROOM * size / longest) for size in shape)
    return height, width


def _written(shape: tuple[int, int]) -> str:
    return f"{shape[0]:,} × {shape[1]:,}"


def _in_words(outcome: tuple[str, tuple[int, int]]) -> str:
    return f"{outcome[0]} {_written(outcome[1])}".strip()


def _box(
    name: str, shape: tuple[int, int], left: float, top: float, width: float, height: float, floor: float
) -> list[str]:
    middle = left + width / 2
    return [
        canvas.tag(
            "rect",
            x=left,
            y=top,
            width=width,
            height=height,
            rx=2,
            fill=shades.POSITIVE,
            fill_opacity=0.18,
            stroke="currentColor",
            stroke_opacity=0.7,
        ),
        canvas.words(f"{shape[0]:,}", left - 5, top + height / 2, anchor="end", size=canvas.SMALL),
        canvas.words(f"{shape[1]:,}", middle, top - 9, anchor="middle", size=canvas.SMALL),
        canvas.words(name, middle, floor + 13, anchor="middle", bold=True),
        canvas.words(_written(shape), middle, floor + 30, anchor="middle", size=canvas.SMALL, quiet=True),
    ]


def _marked(
    spot: tuple[int, int],
    place: int,
    count: int,
    shape: tuple[int, int],
    left: float,
    top: float,
    width: float,
    height: float,
) -> str:
    """The row of the first, the column of the second, the number of the result."""
    row, column = spot
    tall, wide = height / shape[0], width / shape[1]
    if place == 0:
        x, y, w, h = left, top + row * tall, width, tall
    elif place < count - 1:
        x, y, w, h = left + column * wide, top, wide, height
    else:
        x, y, w, h = left + column * wide, top + row * tall, wide, tall
    return canvas.tag(
        "rect", x=x, y=y, width=max(w, 3.0), height=max(h, 3.0), fill=shades.POSITIVE, stroke="currentColor"
    )


def _facts(
    found: Sequence[tuple[str, tuple[int, int]]],
    outcome: tuple[str, tuple[int, int]],
    spot: tuple[int, int] | None,
) -> str:
    inner = ", ".join(f"{shape[1]:,}" for _, shape in found[:-1])
    rows, columns = outcome[1]
    said = [
        f"The sizes that meet are the same ({inner}) and vanish;"
        f" {counted(rows, 'row')} and {counted(columns, 'column')} stay."
    ]
    if spot is not None:
        said.append(
            f"The number at [{spot[0]}, {spot[1]}] is made of row {spot[0]} of {found[0][0]}"
            f" and column {spot[1]} of {found[1][0]}."
        )
    return " ".join(said)

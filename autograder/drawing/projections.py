"""The picture that everyone draws of queries, keys and values: embeddings, three arrows, three matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograder.drawing import admitted, canvas, squares
from autograder.drawing.admitted import Numbers

_CELL: Final = 14
_HEAD, _DOWN, _BETWEEN = 40, 54, 20
_ASKS: Final = (
    ("Query", "looks for", "W_Q"),
    ("Key", "is found by", "W_K"),
    ("Value", "passes on", "W_V"),
)


def query_key_value(
    tokens: Any, query: Any, key: Any, value: Any, embeddings: Any = None, who: Any = None
) -> canvas.Picture:
    """What each token looks for, is found by and passes on, below the embeddings that they are made from."""
    arrays = [
        admitted.matrix(given, name) for given, (name, _, _) in zip((query, key, value), _ASKS, strict=True)
    ]
    words = admitted.labels(tokens, arrays[0].shape[0], "the height of Query")
    for array, (name, _, _) in zip(arrays[1:], _ASKS[1:], strict=True):
        admitted.labels(words, array.shape[0], f"the height of {name}")
    asked = None if who is None else admitted.place(who, words)
    before = None if embeddings is None else admitted.matrix(embeddings, "embeddings")
    if before is not None:
        admitted.labels(words, before.shape[0], "the height of embeddings")
    left = canvas.widest(words) + 8
    lefts = _lefts(arrays, left)
    right = lefts[-1] + _wide(arrays[-1], *_ASKS[-1])
    parts: list[str] = []
    top = 0.0
    if before is not None:
        parts.append(_source(before, words, lefts, arrays, asked))
        top = _HEAD - 16 + _CELL * len(words) + _DOWN
    parts.append(_three(arrays, words, lefts, top, asked))
    height = top + _HEAD + _CELL * len(words) + 4
    width = max(right, left + _CELL * before.shape[1] if before is not None else 0) + 4
    facts = _facts(words, arrays, before, asked)
    drawn = canvas.svg(parts, width, height, "Queries, keys and values", facts)
    return canvas.frame([drawn], f"Queries, keys and values\n{facts}\n")


def _lefts(arrays: Sequence[Numbers], left: float) -> list[float]:
    lefts = []
    for array, words in zip(arrays, _ASKS, strict=True):
        lefts.append(left)
        left += _wide(array, *words) + _BETWEEN
    return lefts


def _wide(array: Numbers, name: str, said: str, weights: str) -> float:
    """How wide a matrix is with what stands above it."""
    squares_alone = float(_CELL * array.shape[1])
    heading = canvas.width_of(name, bold=True) + 6 + canvas.width_of(_size(array), canvas.SMALL)
    arrow_and_weights = squares_alone / 2 + 8 + canvas.width_of(f"· {weights}", canvas.SMALL)
    return max(squares_alone, heading, canvas.width_of(said, canvas.SMALL), arrow_and_weights)


def _source(
    before: Numbers, words: list[str], lefts: list[float], arrays: Sequence[Numbers], asked: int | None
) -> str:
    """The embeddings, and an arrow down to each of the three."""
    left, top = lefts[0], float(_HEAD - 16)
    bottom = top + _CELL * len(words)
    parts = [
        canvas.words("Embeddings", left, 8, bold=True),
        canvas.words(
            _size(before),
            left + canvas.width_of("Embeddings", bold=True) + 6,
            8,
            size=canvas.SMALL,
            quiet=True,
        ),
        *_rows(words, left, top, asked),
        squares.field(before, left, top, _CELL),
        _frame(left, top, before.shape[1], asked),
    ]
    middle = left + _CELL * before.shape[1] / 2
    for to, array, (_, _, weights) in zip(lefts, arrays, _ASKS, strict=True):
        end = to + _CELL * array.shape[1] / 2
        parts.append(canvas.arrow_down(middle, bottom + 4, end, bottom + _DOWN - 8))
        beside = end + 8
        parts.append(canvas.words(f"· {weights}", beside, bottom + _DOWN - 20, size=canvas.SMALL))
    return "".join(parts)


def _three(
    arrays: Sequence[Numbers], words: list[str], lefts: list[float], top: float, asked: int | None
) -> str:
    parts = _rows(words, lefts[0], top + _HEAD, asked)
    for left, array, (name, said, _) in zip(lefts, arrays, _ASKS, strict=True):
        parts.append(canvas.words(name, left, top + 8, bold=True))
        parts.append(
            canvas.words(
                _size(array),
                left + canvas.width_of(name, bold=True) + 6,
                top + 8,
                size=canvas.SMALL,
                quiet=True,
            )
        )
        parts.append(canvas.words(said, left, top + 26, size=canvas.SMALL, quiet=True))
        parts.append(squares.field(array, left, top + _HEAD, _CELL))
        parts.append(_frame(left, top + _HEAD, array.shape[1], asked))
    return "".join(parts)


def _rows(words: list[str], left: float, top: float, asked: int | None) -> list[str]:
    return [
        canvas.words(word, left - 8, top + (place + 0.5) * _CELL, anchor="end", size=12, bold=place == asked)
        for place, word in enumerate(words)
    ]


def _frame(left: float, top: float, columns: int, asked: int | None) -> str:
    if asked is None:
        return ""
    return canvas.tag(
        "rect",
        x=left - 2,
        y=top + asked * _CELL - 1,
        width=columns * _CELL + 4.0,
        height=_CELL + 2.0,
        rx=2,
        fill="none",
        stroke="currentColor",
        stroke_width=2,
    )


def _size(array: Numbers) -> str:
    return " × ".join(str(size) for size in array.shape)


def _facts(words: list[str], arrays: Sequence[Numbers], before: Numbers | None, asked: int | None) -> str:
    count = len(words)
    said = [f"{count} tokens, a row each"]
    if before is not None:
        said.append(f"embeddings of {before.shape[1]} numbers times W_Q, W_K and W_V")
    said += [
        f"{name} {_size(array)}, what a token {tells}"
        for array, (name, tells, _) in zip(arrays, _ASKS, strict=True)
    ]
    lines = ["; ".join(said) + "."]
    if asked is not None:
        for array, (name, _, _) in zip(arrays, _ASKS, strict=True):
            numbers = ", ".join(admitted.number(float(one), 2) for one in array[asked])
            lines.append(f"The {name.lower()} of {words[asked]}: {numbers}.")
    lines.append(squares.legend(np.concatenate([array.ravel() for array in arrays])))
    return " ".join(lines)

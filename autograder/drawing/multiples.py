"""Small multiples: several small maps, or several small charts of bars, drawn alike and beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice
from typing import Any, Final

import numpy as np

from autograder.drawing import admitted, canvas, shades, squares
from autograder.drawing.admitted import Numbers

_CELL: Final = 14
_BAR: Final = 90.0  # the longest
_TOP: Final = 24


def multiples(values: Any, labels: Any = (), title: Any = "") -> canvas.Picture:
    """Each matrix as a small map, each vector as bars, all by one scale; `labels` name the rows, or the bars."""
    found = [(name, admitted.either(given, f"“{name}”")) for name, given in admitted.named(values)]
    top = max(float(np.abs(np.where(np.isfinite(array), array, 0)).max()) for _, array in found) or 1.0
    title = admitted.title(title)
    labels = list(islice(labels, admitted.MOST + 1)) if isinstance(labels, Iterable) else ()
    drawn, texts = [], [title] if title else []
    for name, array in found:
        rows = admitted.labels(labels, array.shape[0], f"the height of “{name}”") if len(labels) else []
        facts = _facts(array, rows)
        draw = _bars if array.ndim == 1 else _map
        drawn.append(draw(name, array, rows, top, facts))
        texts.append(f"{name}: {facts}")
    if title:
        drawn.insert(0, canvas.tag("div", escape(title), style="width:100%;font-weight:600"))
    maps = [array.ravel() for _, array in found if array.ndim == 2]
    if maps:
        legend = squares.legend(np.concatenate(maps))
        drawn.append(canvas.tag("div", legend, style="width:100%;font-size:12px"))
    return canvas.frame(drawn, "\n".join(texts) + "\n")


def _map(name: str, array: Numbers, rows: list[str], top: float, facts: str) -> str:
    left = canvas.widest(rows, canvas.SMALL) + 8 if rows else 2.0
    parts = [canvas.words(name, left, 9, bold=True)]
    parts += [
        canvas.words(word, left - 6, _TOP + (place + 0.5) * _CELL, anchor="end", size=canvas.SMALL)
        for place, word in enumerate(rows)
    ]
    parts.append(squares.field(array, left, _TOP, _CELL, top))
    width = left + max(_CELL * array.shape[1], canvas.width_of(name, bold=True)) + 2
    return canvas.svg(parts, width, _TOP + _CELL * array.shape[0] + 2, name, facts)


def _bars(name: str, array: Numbers, rows: list[str], top: float, facts: str) -> str:
    left = canvas.widest(rows, canvas.SMALL) + 8 if rows else 2.0
    parts = [canvas.words(name, left, 9, bold=True)]
    digits = admitted.digits_of(array)
    for place, value in enumerate(array):
        y = _TOP + place * (_CELL + 4.0)
        if rows:
            parts.append(canvas.words(rows[place], left - 6, y + _CELL / 2, anchor="end", size=canvas.SMALL))
        length = _BAR * min(1.0, abs(float(value)) / top) if np.isfinite(value) else 0.0
        negative = value < 0
        parts.append(
            canvas.tag(
                "rect",
                x=left,
                y=y + 1,
                width=max(length, 0.8),
                height=_CELL - 2.0,
                fill="none" if negative else shades.POSITIVE,
                stroke=shades.NEGATIVE if negative else None,
            )
        )
        parts.append(
            canvas.words(
                admitted.number(float(value), digits),
                left + length + 5,
                y + _CELL / 2,
                size=canvas.SMALL,
                bold=bool(value == array.max()),
            )
        )
    width = left + max(_BAR + 40, canvas.width_of(name, bold=True)) + 2
    return canvas.svg(parts, width, _TOP + (_CELL + 4) * array.size + 2, name, facts)


def _facts(array: Numbers, rows: list[str]) -> str:
    digits = admitted.digits_of(array)
    if array.ndim == 1:
        written = [admitted.number(float(value), digits) for value in array]
        return (
            ", ".join(f"{word} {one}" for word, one in zip(rows, written, strict=True) if word)
            if rows
            else ", ".join(written)
        )
    said = []
    for place, row in enumerate(array):
        spot = int(np.argmax(row))
        there = rows[spot] if rows and len(rows) == array.shape[1] else f"column {spot}"
        said.append(
            f"{rows[place] if rows else f'row {place}'} largest at {there} ({admitted.number(float(row[spot]), digits)})"
        )
    return ", ".join(said) + "."

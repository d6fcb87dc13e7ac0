"""Who looks at whom: lines from word to word, as wide as the weight."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import Numbers

_ROW: Final = 24
_WIDEST: Final = 11.0  # of a line, for a weight of 1
_LEAST: Final = 0.01  # a weight below it is not drawn
_ACROSS: Final = 130  # between both columns of words
_NUMBER: Final = 36
_TOP: Final = 26
_NOTE: Final = "Blue: where each word looks most, and its weight."


def arrows(tokens: Any, weights: Any, who: Any = None, title: Any = "", to: Any = None) -> canvas.Picture:
    """One picture of who looks at whom; `who` is the one word whose looks are drawn, all by itself."""
    drawn, text = _drawn(tokens, weights, who, admitted.title(title) or "Who looks at whom", to)
    return canvas.frame([drawn], text)


def heads(tokens: Any, weights: Any, who: Any = None, to: Any = None) -> canvas.Picture:
    """The same for several heads, beside each other."""
    found = [_drawn(tokens, given, who, title, to) for title, given in admitted.named(weights)]
    return canvas.frame([drawn for drawn, _ in found], "\n".join(text for _, text in found))


def _drawn(tokens: Any, given: Any, who: Any, title: str, to: Any) -> tuple[str, str]:
    array = admitted.weights(given, f"“{title}”")
    looking = admitted.labels(tokens, array.shape[0], f"the height of “{title}”")
    seen = admitted.labels(tokens if to is None else to, array.shape[1], f"the width of “{title}”")
    asked = None if who is None else admitted.place(who, looking)
    # The numbers stand where there is one for each word.
    numbers = array.max(axis=1) if asked is None else array[asked]
    start = canvas.widest(looking, canvas.SIZE) + 6 + (_NUMBER if asked is None else 0)
    end = start + _ACROSS
    after = end + 8 + (0 if asked is None else _NUMBER)
    parts = [canvas.words(title, 0, 8, bold=True)]
    parts += _lines(array, asked, start, end)
    for place, word in enumerate(looking):
        y = _TOP + (place + 0.5) * _ROW
        mine = asked in (None, place)
        parts.append(
            canvas.words(
                word,
                start - 6 - (_NUMBER if asked is None else 0),
                y,
                anchor="end",
                bold=asked == place,
                quiet=not mine,
            )
        )
        if asked is None:
            parts.append(
                canvas.words(
                    admitted.number(float(numbers[place]), 2),
                    start - 6,
                    y,
                    anchor="end",
                    size=canvas.SMALL,
                    quiet=True,
                )
            )
    most = None if asked is None else int(np.argmax(numbers))
    for place, word in enumerate(seen):
        y = _TOP + (place + 0.5) * _ROW
        parts.append(canvas.words(word, after, y, bold=place == most))
        if asked is not None:
            parts.append(
                canvas.words(
                    admitted.number(float(numbers[place]), 2),
                    end + 8,
                    y,
                    size=canvas.SMALL,
                    bold=place == most,
                )
            )
    height = _TOP + _ROW * max(len(looking), len(seen)) + 4
    if asked is None:
        parts.append(canvas.words(_NOTE, 0, height + 6, size=canvas.SMALL, quiet=True))
        height += 20
    width = max(after + canvas.widest(seen), canvas.width_of(title, bold=True)) + 4
    facts = _facts(array, looking, seen, asked)
    return canvas.svg(parts, width, height, title, " ".join(facts)), _text(title, facts)


def _lines(array: Numbers, asked: int | None, start: float, end: float) -> list[str]:
    """The lines, faint ones first, so that the strong ones lie above them."""
    rows = range(array.shape[0]) if asked is None else [asked]
    pairs = [(float(array[i, j]), i, j) for i in rows for j in range(array.shape[1]) if array[i, j] >= _LEAST]
    parts = []
    for weight, i, j in sorted(pairs):
        y, to_y = _TOP + (i + 0.5) * _ROW, _TOP + (j + 0.5) * _ROW
        strongest = asked is not None or weight >= array[i].max()
        parts.append(
            canvas.tag(
                "path",
                d=f"M{start:.0f} {y:.0f}C{start + _ACROSS * 0.4:.0f} {y:.0f} {end - _ACROSS * 0.4:.0f} {to_y:.0f} {end:.0f} {to_y:.0f}",
                fill="none",
                stroke=shades.POSITIVE if strongest else "currentColor",
                stroke_width=max(0.6, _WIDEST * weight),
                stroke_opacity=0.9 if strongest else round(min(0.5, 0.12 + weight), 2),
            )
        )
    return parts


def _facts(array: Numbers, looking: list[str], seen: list[str], asked: int | None) -> list[str]:
    if asked is not None:
        order = np.argsort(-array[asked], kind="stable")
        told = ", ".join(f"{seen[j]} {admitted.number(float(array[asked, j]), 2)}" for j in order)
        return [f"{looking[asked]} looks at {told}."]
    return [
        f"{word} looks most at {seen[int(np.argmax(row))]}: {admitted.number(float(row.max()), 2)}."
        for word, row in zip(looking, array, strict=True)
    ]


def _text(title: str, facts: list[str]) -> str:
    return "\n".join([title, *(f"  {fact}" for fact in facts)]) + "\n"

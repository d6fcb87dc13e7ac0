"""Boxes and arrows: what a computation is made of, from the top down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import UndrawableError
from autograder.drawing.projections import arrow

_TALL, _DOWN, _BETWEEN, _INSIDE = 30.0, 40.0, 18.0, 12.0
_MOST_STEPS: Final = 30
_ARROW: Final = re.compile("→|->")


@dataclass(frozen=True)
class _Step:
    """One line of what is drawn."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    said: str  # what is done


def flow(steps: Any) -> canvas.Picture:
    """Steps such as "Query, Key → scores: scaled_scores", one a line, as boxes joined by arrows."""
    found = _steps(steps)
    floors = _floors(found)
    spots, width = _spots(floors)
    parts = [_arrows(step, spots) for step in found]
    parts += [_box(name, *spot) for name, spot in spots.items()]
    height = len(floors) * (_TALL + _DOWN) - _DOWN + 6
    right = max([width, *(_said_right(step, spots) for step in found)])
    facts = "; ".join(_in_words(step) for step in found) + "."
    title = f"From {' and '.join(floors[0])} to {' and '.join(floors[-1])}"
    drawn = canvas.svg(parts, right + 4, height, title, facts)
    return canvas.frame([drawn], "\n".join(_in_words(step) for step in found) + "\n")


def _steps(given: Any) -> list[_Step]:
    lines = str(given).strip().splitlines() if isinstance(given, str) else [str(one) for one in given]
    if not 0 < len(lines) <= _MOST_STEPS:
        raise UndrawableError(f"a flow has 1 to {_MOST_STEPS} steps, one a line")
    return [_step(line) for line in lines if line.strip()]


def _step(line: str) -> _Step:
    parts = _ARROW.split(line)
    if len(parts) != 2:
        raise UndrawableError(
            f"a step of a flow reads `inputs → outputs: what is done`, and this one is {line.strip()!r}"
        )
    outputs, _, said = parts[1].partition(":")
    step = _Step(_names(parts[0]), _names(outputs), admitted.label(said))
    if not step.inputs or not step.outputs:
        raise UndrawableError(
            f"a step of a flow needs something on both sides of its arrow: {line.strip()!r}"
        )
    return step


def _names(text: str) -> tuple[str, ...]:
    return tuple(admitted.label(name) for name in text.split(",") if name.strip())


def _floors(steps: Sequence[_Step]) -> list[list[str]]:
    """The boxes from the top down: each below all that it is made of, an input right above where it is first used."""
    made = {name for step in steps for name in step.outputs}
    level: dict[str, int] = {}
    for _ in range(2 * len(steps) + 1):
        before = dict(level)
        for step in steps:
            below = 1 + max(level.get(name, 0) for name in step.inputs)
            for name in step.outputs:
                level[name] = max(level.get(name, 0), below)
        if level == before:
            break
    else:
        raise UndrawableError("the steps of a flow go round in a circle")
    for step in reversed(steps):
        lowest = min(level[name] for name in step.outputs)
        for name in step.inputs:
            if name not in made:
                level[name] = min(level.get(name, lowest - 1), lowest - 1)
    floors: list[list[str]] = [[] for _ in range(max(level.values()) + 1)]
    for step in steps:
        for name in (*step.inputs, *step.outputs):
            if name not in floors[level[name]]:
                floors[level[name]].append(name)
    return floors


def _spots(floors: Sequence[Sequence[str]]) -> tuple[dict[str, tuple[float, float, float]], float]:
    """The left edge, top and width of each box; and how wide all are."""
    widths = {name: canvas.width_of(name) + 2 * _INSIDE for floor in floors for name in floor}
    wholes = [sum(widths[name] for name in floor) + _BETWEEN * (len(floor) - 1) for floor in floors]
    width = max(wholes)
    spots = {}
    for number, (floor, whole) in enumerate(zip(floors, wholes, strict=True)):
        x = (width - whole) / 2 + 1
        for name in floor:
            spots[name] = (x, number * (_TALL + _DOWN) + 1, widths[name])
            x += widths[name] + _BETWEEN
    return spots, width


def _box(name: str, x: float, y: float, width: float) -> str:
    return canvas.tag(
        "rect",
        x=x,
        y=y,
        width=width,
        height=_TALL,
        rx=6,
        fill=shades.POSITIVE,
        fill_opacity=0.14,
        stroke="currentColor",
        stroke_opacity=0.7,
    ) + canvas.words(name, x + width / 2, y + _TALL / 2, anchor="middle")


def _arrows(step: _Step, spots: dict[str, tuple[float, float, float]]) -> str:
    parts = []
    for source in step.inputs:
        x, y, width = spots[source]
        for target in step.outputs:
            to_x, to_y, to_width = spots[target]
            parts.append(_joined(x + width / 2, y + _TALL, to_x + to_width / 2, to_y, (x, width)))
    if step.said:
        x, y = _said_spot(step, spots)
        parts.append(canvas.words(step.said, x, y, size=canvas.SMALL, quiet=True))
    return "".join(parts)


def _joined(x: float, y: float, to_x: float, to_y: float, box: tuple[float, float]) -> str:
    """An arrow down; past the boxes between, where it goes over more than one floor."""
    if to_y - y <= _DOWN + 1:
        return arrow(x, y + 2, to_x, to_y - 1)
    side = max(x + box[1] / 2, to_x) + 14
    return canvas.tag(
        "path",
        d=f"M{x:.1f} {y + 2:.1f}C{x:.1f} {y + 26:.1f} {side:.1f} {y + 10:.1f} {side:.1f} {y + _DOWN:.1f}"
        f"L{side:.1f} {to_y - _DOWN:.1f}C{side:.1f} {to_y - 12:.1f} {to_x + 12:.1f} {to_y - 26:.1f} {to_x + 12:.1f} {to_y - 7:.1f}",
        fill="none",
        stroke="currentColor",
        stroke_opacity=0.7,
        stroke_width=1.5,
    ) + canvas.tag(
        "path", d=f"M{to_x + 7.5:.1f} {to_y - 8:.1f}h9l-4.5 7z", fill="currentColor", fill_opacity=0.8
    )


def _said_spot(step: _Step, spots: dict[str, tuple[float, float, float]]) -> tuple[float, float]:
    """Beside the arrow that comes in furthest on the right."""
    target = max(step.outputs, key=lambda name: spots[name][0])
    x, y, width = spots[target]
    return x + width / 2 + 12, y - 11


def _said_right(step: _Step, spots: dict[str, tuple[float, float, float]]) -> float:
    return _said_spot(step, spots)[0] + canvas.width_of(step.said, canvas.SMALL) if step.said else 0.0


def _in_words(step: _Step) -> str:
    said = f" by {step.said}" if step.said else ""
    return f"{' and '.join(step.inputs)} → {' and '.join(step.outputs)}{said}"

"""Boxes and arrows: what a computation is made of, from the top down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import UndrawableError

_TALL, _DOWN, _BETWEEN, _INSIDE = 30.0, 40.0, 18.0, 12.0
_MOST_STEPS: Final = 30
_ARROW: Final = re.compile("→|->")


_Spots: TypeAlias = Mapping[str, tuple[float, float, float]]  # left edge, top and width of each box


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
    spots = _spots(floors)
    parts = [_arrows(step, spots) for step in found]
    parts += [_box(name, *spot) for name, spot in spots.items()]
    height = len(floors) * (_TALL + _DOWN) - _DOWN + 6
    facts = "; ".join(_in_words(step) for step in found) + "."
    title = f"From {' and '.join(floors[0])} to {' and '.join(floors[-1])}"
    drawn = canvas.svg(parts, _right(found, spots) + 4, height, title, facts)
    return canvas.frame([drawn], "\n".join(_in_words(step) for step in found) + "\n")


def _steps(given: Any) -> list[_Step]:
    if not isinstance(given, str):
        raise UndrawableError("a flow is drawn from a text of steps, one a line")
    lines = given.strip().splitlines()
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


def _spots(floors: Sequence[Sequence[str]]) -> _Spots:
    """Where each box stands."""
    widths = {name: canvas.width_of(name) + 2 * _INSIDE for floor in floors for name in floor}
    wholes = [sum(widths[name] for name in floor) + _BETWEEN * (len(floor) - 1) for floor in floors]
    width = max(wholes)
    spots = {}
    for number, (floor, whole) in enumerate(zip(floors, wholes, strict=True)):
        x = (width - whole) / 2 + 1
        for name in floor:
            spots[name] = (x, number * (_TALL + _DOWN) + 1, widths[name])
            x += widths[name] + _BETWEEN
    return spots


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


def _arrows(step: _Step, spots: _Spots) -> str:
    parts = [_joined(spots, source, target) for source in step.inputs for target in step.outputs]
    if step.said:
        parts.append(canvas.words(step.said, *_said_spot(step, spots), size=canvas.SMALL, quiet=True))
    return "".join(parts)


def _joined(spots: _Spots, source: str, target: str) -> str:
    """An arrow down; round the boxes between, where it goes over more than one floor."""
    x, y, width = spots[source]
    to_x, to_y, to_width = spots[target]
    start, end = x + width / 2, to_x + to_width / 2
    if not _passes(spots, source, target):
        return canvas.arrow_down(start, y + _TALL + 2, end, to_y - 1)
    side = _side(spots, source, target)
    out, into = y + _TALL / 2, to_y + _TALL / 2
    return canvas.arrow(
        f"M{x + width:.1f} {out:.1f}H{side - 8:.1f}q8 0 8 8V{into - 8:.1f}q0 8 -8 8H{to_x + to_width + 7:.1f}",
        f"M{to_x + to_width + 8:.1f} {into - 4.5:.1f}v9l-7 -4.5z",
    )


def _passes(spots: _Spots, source: str, target: str) -> bool:
    """Whether there is a floor between these two."""
    return spots[target][1] - spots[source][1] > _TALL + _DOWN + 1


def _side(spots: _Spots, source: str, target: str) -> float:
    """Where an arrow round the boxes between runs down: to the right of them all, and of what is said there."""
    top, bottom = spots[source][1], spots[target][1]
    return max(x + width for x, y, width in spots.values() if top <= y <= bottom) + 20


def _said_spot(step: _Step, spots: _Spots) -> tuple[float, float]:
    """Beside the arrow that comes in furthest on the right."""
    target = max(step.outputs, key=lambda name: spots[name][0])
    x, y, width = spots[target]
    return x + width / 2 + 12, y - 11


def _right(steps: Sequence[_Step], spots: _Spots) -> float:
    """How far to the right anything reaches."""
    reach = [x + width for x, _, width in spots.values()]
    for step in steps:
        if step.said:
            reach.append(_said_spot(step, spots)[0] + canvas.width_of(step.said, canvas.SMALL))
        reach += [
            _side(spots, source, target)
            for source in step.inputs
            for target in step.outputs
            if _passes(spots, source, target)
        ]
    return max(reach)


def _in_words(step: _Step) -> str:
    said = f" by {step.said}" if step.said else ""
    return f"{' and '.join(step.inputs)} → {' and '.join(step.outputs)}{said}"

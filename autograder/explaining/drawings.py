"""What a drawing lacks, or shows otherwise than is due: in words, of the data that was read off it (`figures.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.checking import kinds
from autograder.checking.sentences import ON_AXES, on_axes, otherwise
from autograder.explaining.general import finding
from autograder.records import Diagnosis, Tolerance
from autograder.words import listed


def found(pairs: Sequence[tuple[Any, Any]]) -> list[Diagnosis]:
    """What all of these drawings, due and got, lack or show otherwise; none where they are no drawings."""
    if not pairs or not all(_is_drawing(value) for pair in pairs for value in pair):
        return []
    if all(due["axes"] and not got["axes"] for due, got in pairs):
        return [finding("drawing-lacks", title="Nothing was drawn")]
    if any(len(due["axes"]) != len(got["axes"]) for due, got in pairs):
        return [finding("drawing-differs", title="The drawing has another number of axes than it should")]
    lacking = [key for key in ON_AXES if all(_lacks(due, got, key) for due, got in pairs)]
    if lacking:
        return [
            finding(
                "drawing-lacks",
                title=f"The drawing lacks {listed([_lacking(pairs[0], key) for key in lacking])}",
            )
        ]
    other = [key for key in ON_AXES if all(_differs(due, got, key) for due, got in pairs)]
    if not other:
        return []
    told = otherwise(other)
    return [finding("drawing-differs", title=f"{told[0].upper()}{told[1:]}")]


def _is_drawing(value: Any) -> bool:
    axes = value.get("axes") if isinstance(value, dict) else None
    return isinstance(axes, list) and all(isinstance(one, dict) for one in axes)


def _lacks(due: Any, got: Any, key: str) -> bool:
    return any(key in one and key not in other for one, other in zip(due["axes"], got["axes"], strict=True))


def _lacking(pair: tuple[Any, Any], key: str) -> str:
    """What it lacks, and on which of several axes: on others it may have it."""
    axes = pair[0]["axes"]
    first = next(
        one for one, other in zip(axes, pair[1]["axes"], strict=True) if key in one and key not in other
    )
    return f"{ON_AXES[key][0]}{on_axes(axes, first)}"


def _differs(due: Any, got: Any, key: str) -> bool:
    return any(
        (key in one) != (key in other) or (key in one and not kinds.equal(one[key], other[key], Tolerance()))
        for one, other in zip(due["axes"], got["axes"], strict=True)
    )

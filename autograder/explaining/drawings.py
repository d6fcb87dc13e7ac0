"""What a drawing lacks, or shows otherwise than is due: in words, of the data that was read off it (`figures.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograder.checking import kinds
from autograder.explaining.general import finding
from autograder.records import Diagnosis, Tolerance
from autograder.words import agree, listed

# What may be on axes, in the order in which it is told: what it is called where it is not there, and where it differs.
_CALLED: Final[Mapping[str, tuple[str, str]]] = {
    "lines": ("its lines", "the lines"),
    "points": ("its points", "the points"),
    "bars": ("its bars", "the bars"),
    "images": ("its picture", "the picture"),
    "wedges": ("its wedges", "the wedges"),
    "title": ("a title", "the title"),
    "xlabel": ("a label at the x axis", "the label at the x axis"),
    "ylabel": ("a label at the y axis", "the label at the y axis"),
    "legend": ("a legend", "the legend"),
    "xlim": ("limits of the x axis", "the limits of the x axis"),
    "ylim": ("limits of the y axis", "the limits of the y axis"),
    "xscale": ("a scale of the x axis", "the scale of the x axis"),
    "yscale": ("a scale of the y axis", "the scale of the y axis"),
    "xticks": ("ticks at the x axis", "the ticks at the x axis"),
    "yticks": ("ticks at the y axis", "the ticks at the y axis"),
    "texts": ("a text on it", "the texts on it"),
}


def found(pairs: Sequence[tuple[Any, Any]]) -> list[Diagnosis]:
    """What all of these drawings, due and got, lack or show otherwise; none where they are no drawings."""
    if not pairs or not all(_is_drawing(value) for pair in pairs for value in pair):
        return []
    if all(due["axes"] and not got["axes"] for due, got in pairs):
        return [finding("drawing-lacks", title="Nothing was drawn")]
    if any(len(due["axes"]) != len(got["axes"]) for due, got in pairs):
        return [finding("drawing-differs", title="The drawing has another number of axes than is due")]
    lacking = [key for key in _CALLED if all(_lacks(due, got, key) for due, got in pairs)]
    if lacking:
        return [
            finding(
                "drawing-lacks", title=f"The drawing lacks {listed([_CALLED[key][0] for key in lacking])}"
            )
        ]
    other = [key for key in _CALLED if all(_differs(due, got, key) for due, got in pairs)]
    if not other:
        return []
    verb = agree(
        len(other) if len(other) > 1 or not other[0].endswith("s") else 2, "is not what is", "are not what is"
    )
    told = listed([_CALLED[key][1] for key in other])
    return [finding("drawing-differs", title=f"{told[0].upper()}{told[1:]} {verb} due")]


def _is_drawing(value: Any) -> bool:
    axes = value.get("axes") if isinstance(value, dict) else None
    return isinstance(axes, list) and all(isinstance(one, dict) for one in axes)


def _lacks(due: Any, got: Any, key: str) -> bool:
    return any(key in one and key not in other for one, other in zip(due["axes"], got["axes"], strict=True))


def _differs(due: Any, got: Any, key: str) -> bool:
    return any(
        (key in one) != (key in other) or (key in one and not kinds.equal(one[key], other[key], Tolerance()))
        for one, other in zip(due["axes"], got["axes"], strict=True)
    )

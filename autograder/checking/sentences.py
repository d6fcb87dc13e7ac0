"""How the answer to a script or a drawing differs, in words: of the call that went wrong, of what is on the axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograder.checking import kinds
from autograder.checking.kinds import Found
from autograder.child.questions import RAISED, RETURNED
from autograder.records import Asks, Case, Tolerance
from autograder.words import clipped

_MOST: Final = 60  # characters of the arguments of a call
# What is told of hidden inputs, where a place or a key could be decided by their numbers.
HIDDEN: Final[Mapping[Asks, str]] = {
    "script": "One of the steps gave something else than is due.",
    "drawing": "The drawing is not the one that is due.",
    "printed": "What it prints is not what is due.",
}
# What may be on axes, in the order in which it is told: what it is called where it is not there, and where it differs.
ON_AXES: Final[Mapping[str, tuple[str, str]]] = {
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


def about(case: Case, due: Any, got: Any, found: Found) -> str:
    """The sentence on the first difference, in the words of what was asked."""
    match case.asks:
        case "script" if isinstance(due, list) and isinstance(got, list):
            return _of_script(case.args, due, got) or found.message
        case "drawing" if isinstance(due, dict) and isinstance(got, dict):
            return _of_drawing(due, got) or found.message
        case "printed":
            return found.message.replace("The text", "What it prints", 1)
    return found.message


def _of_script(args: Sequence[Any], due: Sequence[Any], got: Sequence[Any]) -> str:
    """The first step that gave something else; empty where there is none."""
    for step, one, other in zip(args[1:], due, got, strict=False):
        if kinds.equal(one, other, Tolerance()):
            continue
        called = f"`{step[0]}{_arguments(step[1]) if len(step) > 1 else ''}`"
        if RAISED in other:
            instead = f", where {one[RAISED]} is due" if RAISED in one else ""
            return f"{called} raises {other[RAISED]}{instead}."
        if RAISED in one:
            return f"{called} should raise {one[RAISED]}, and does not."
        found = kinds.find(one[RETURNED], other.get(RETURNED), Tolerance())
        told = found.message if found is not None else "Another value is due."
        return f"After the steps before it, {called} gives something else than is due. {told}"
    return ""


def _arguments(args: Sequence[Any]) -> str:
    return f"({clipped(', '.join(map(repr, args)), _MOST)})"


def _of_drawing(due: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    """What the first axes that differ lack or have otherwise; empty where it is something else."""
    axes, there = due.get("axes", []), got.get("axes", [])
    if len(axes) != len(there):
        return f"It draws {len(there)} axes, where {len(axes)} are due."
    for one, other in zip(axes, there, strict=True):
        for key, (lacking, differing) in ON_AXES.items():
            if key in one and key not in other:
                return f"The drawing lacks {lacking}."
            if key in one and not kinds.equal(one[key], other[key], Tolerance()):
                return f"In the drawing, {differing} {'are' if differing.endswith('s') else 'is'} not what is due."
    return ""

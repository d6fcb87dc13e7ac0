"""How the answer to a script or a drawing differs, in words: of the call that went wrong, of what is on the axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograder.checking import kinds
from autograder.checking.kinds import Found
from autograder.child.questions import RAISED, RETURNED
from autograder.data import Other
from autograder.records import Asks, Case, Tolerance
from autograder.words import clipped, listed

_MOST: Final = 60  # characters of a value, or of the arguments of a call
# What is told of hidden inputs, where a place or a key could be decided by their numbers.
HIDDEN: Final[Mapping[Asks, str]] = {
    "script": "One of the steps gave something else than it should.",
    "drawing": "The drawing is not what it should be.",
    "printed": "What it prints is not what it should be.",
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


# Of these there are several.
_MANY: Final = frozenset({"lines", "points", "bars", "wedges", "xlim", "ylim", "xticks", "yticks", "texts"})


def otherwise(keys: Sequence[str]) -> str:
    """What is on axes and not as it should be: "the title is not what it should be"."""
    plural = len(keys) > 1 or keys[0] in _MANY
    verb = "are not what they" if plural else "is not what it"
    return f"{listed([ON_AXES[key][1] for key in keys])} {verb} should be"


def on_axes(axes: Sequence[Any], one: Any) -> str:
    """Which of several axes these are, from 1; empty where there are no others."""
    place = next(place for place, other in enumerate(axes, start=1) if other is one)
    return f" on axes {place} of {len(axes)}" if len(axes) > 1 else ""


def about(case: Case, due: Any, got: Any, found: Found) -> str:
    """The sentence on the first difference, in the words of what was asked."""
    match case.asks:
        case "script":
            return _of_script(case, due, got) or found.message
        case "drawing" if isinstance(due, dict) and isinstance(got, dict):
            return _of_drawing(due, got) or found.message
        case "printed":
            return found.message.replace("The text", "What it prints", 1)
    return found.message


def departs(case: Case, due: Any, got: Any) -> int | None:
    """The first step of a script, from 0, that gave something else; None where there is none to tell."""
    places = _departing(case, due, got)
    return places[0] if places else None


def departing(case: Case, due: Any, got: Any) -> list[tuple[Any, Any]]:
    """What each step of a script that gave something else should have given, and gave; none of what is no script."""
    return [(due[place], got[place]) for place in _departing(case, due, got)]


def _departing(case: Case, due: Any, got: Any) -> list[int]:
    if case.asks != "script" or not _are_steps(due) or not _are_steps(got) or len(due) != len(got):
        return []
    pairs = enumerate(zip(due, got, strict=True))
    return [place for place, (one, other) in pairs if not kinds.equal(one, other, Tolerance())]


def _are_steps(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _of_script(case: Case, due: Any, got: Any) -> str:
    """The first step that gave something else; empty where there is none."""
    place = departs(case, due, got)
    if place is None:
        return ""
    step: Any = case.args[place + 1]
    name, *called = step
    told = f".{name}({_shortly(', '.join(map(repr, called[0])))})" if called else f".{name}"
    return f"Step {place + 1}, `{told}`, {_gave(got[place])}, where it should have {_gave(due[place])}."


def _gave(answer: Mapping[str, Any]) -> str:
    """What a step gave: "raised IndexError", "returned 3"."""
    if RAISED in answer:
        return f"raised {_shortly(str(answer[RAISED]))}"
    value = answer.get(RETURNED)
    if isinstance(value, Other):
        return f"returned an object of the type `{_shortly(value.type_name)}`"
    return f"returned {_shortly(repr(value))}"


def _shortly(text: str) -> str:
    return clipped(text, _MOST)


def _of_drawing(due: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    """What the first axes that differ lack or have otherwise; empty where it is something else."""
    axes, there = due.get("axes", []), got.get("axes", [])
    if len(axes) != len(there):
        return f"It draws {len(there)} axes, and should draw {len(axes)}."
    for one, other in zip(axes, there, strict=True):
        for key, (lacking, _) in ON_AXES.items():
            if key in one and key not in other:
                return f"The drawing lacks {lacking}{on_axes(axes, one)}."
            if key in one and not kinds.equal(one[key], other[key], Tolerance()):
                return f"In the drawing, {otherwise([key])}."
    return ""

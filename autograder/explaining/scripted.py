"""Where an object of a student's class first gives something else than is due: in words, by the step of the script."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, Final

from autograder.checking import kinds
from autograder.checking.attempt import Trial
from autograder.course.asking import RAISED, RETURNED
from autograder.explaining.general import finding
from autograder.records import Case, Definition, Diagnosis, Returned, Tolerance
from autograder.words import clipped, listed

_MOST: Final = 60  # characters of a value in a sentence


def summary(trial: Trial) -> str:
    """The first step that differs, in a sentence; empty where no script was followed to its end."""
    place = _departs(trial)
    if place is None:
        return ""
    due, got = _gave(trial.expected, place), _gave(_value(trial), place)
    return f"Step {place + 1}, `{_step(trial.case, place)}`, {got}, where it should have {due}."


def missing_methods(wrong: Sequence[Trial], definition: Definition) -> Diagnosis | None:
    """The methods that the class has not, where they account for all that is wrong; None where that is not so."""
    if not isinstance(definition.node, ast.ClassDef) or not wrong:
        return None
    names: dict[str, None] = {}
    for trial in wrong:
        place = _departs(trial)
        if place is None or _value(trial)[place] != {RAISED: "AttributeError"}:
            return None
        names[_name(trial.case, place)] = None
    if not names.keys().isdisjoint(_written(definition.node)):
        return None
    return finding(
        "missing-method", title=f"The class has no {listed([f'`{name}`' for name in names], 'or')}"
    )


def _departs(trial: Trial) -> int | None:
    """The first step that gave something else; None where there is none to tell."""
    due, value = trial.expected, _value(trial)
    if (
        trial.case.asks != "script"
        or trial.mismatch is None
        or not isinstance(due, list)
        or len(value) != len(due)
    ):
        return None
    places = (place for place, one in enumerate(due) if not kinds.equal(one, value[place], Tolerance()))
    return next(places, None)


def _value(trial: Trial) -> Any:
    """What came of the steps; none where it is nothing of that kind."""
    value = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    followed = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return value if followed else []


def _gave(answer: Any, place: int) -> str:
    """What a step gave: "raised IndexError", "returned 3"."""
    given = answer[place]
    if RAISED in given:
        return f"raised {clipped(str(given[RAISED]), _MOST)}"
    return f"returned {clipped(repr(given.get(RETURNED)), _MOST)}"


def _name(case: Case, place: int) -> str:
    step: Any = case.args[place + 1]
    return str(step[0])


def _step(case: Case, place: int) -> str:
    """A step as it is written after the name of the object."""
    step: Any = case.args[place + 1]
    if len(step) == 1:
        return f".{step[0]}"
    return f".{step[0]}({clipped(', '.join(map(repr, step[1])), _MOST)})"


def _written(node: ast.ClassDef) -> set[str]:
    """The names that a class's text gives to its objects, as methods or as attributes."""
    names = {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef)}
    names |= {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
    }
    return names | {
        one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }

"""The methods that a student's class has not, where that accounts for all that is wrong with its objects."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from autograder.checking import sentences
from autograder.checking.attempt import Trial
from autograder.course.asking import RAISED
from autograder.explaining.general import finding
from autograder.records import Case, Definition, Diagnosis, Returned
from autograder.words import listed


def missing_methods(wrong: Sequence[Trial], definition: Definition) -> Diagnosis | None:
    """The methods that the class has not, where they account for all that is wrong; None where that is not so."""
    if not isinstance(definition.node, ast.ClassDef) or not wrong:
        return None
    names: dict[str, None] = {}
    for trial in wrong:
        value: Any = trial.outcome.value if isinstance(trial.outcome, Returned) else None
        place = sentences.departs(trial.case, trial.expected, value)
        if place is None or value[place] != {RAISED: "AttributeError"}:
            return None
        names[_name(trial.case, place)] = None
    if not names.keys().isdisjoint(_written(definition.node)):
        return None
    return finding(
        "missing-method", title=f"The class has no {listed([f'`{name}`' for name in names], 'or')}"
    )


def _name(case: Case, place: int) -> str:
    step: Any = case.args[place + 1]
    return str(step[0])


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

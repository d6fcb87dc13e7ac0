"""What is wrong with a class's methods: one is not there, or one stops with an error, as for want of `self`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from autograder.checking import sentences
from autograder.checking.attempt import Trial
from autograder.course.asking import RAISED, RETURNED
from autograder.explaining.general import GENERAL, STOPPED, WRONG_TYPE, finding
from autograder.explaining.general import RAISED as BY_CLASS
from autograder.records import Case, Definition, Diagnosis, Raised, Returned
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


def stopped(wrong: Sequence[Trial], definition: Definition) -> Diagnosis | None:
    """The method that stops with an error, and why, where the class's text shows it; None where none stops.

    Where it does not show, it has to be the same error of one method on all that is wrong.
    """
    node = definition.node
    if not isinstance(node, ast.ClassDef) or not wrong:
        return None
    stops = list(dict.fromkeys(map(_stop, wrong)))
    for stop in stops:
        told = _shown(node, stop) if stop is not None else None
        if told is not None:
            return told
    if len(stops) > 1 or stops[0] is None or stops[0].name == _MAKING:
        return None
    words = BY_CLASS.get(stops[0].exception, GENERAL["raises"])
    look = "Make the calls that are shown here and read the last line of the error"
    title = f"`{stops[0].name}` stops with {stops[0].exception}"
    return finding("raises", title=title, words=replace(words, look=look))


def other_type(trial: Trial) -> Diagnosis | None:
    """The method that returns None, or something where None is due; None where the first wrong step shows neither."""
    value: Any = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    place = sentences.departs(trial.case, trial.expected, value)
    due: Any = trial.expected
    if place is None or RETURNED not in value[place] or RETURNED not in due[place]:
        return None
    name = f"`{_name(trial.case, place)}`"
    if value[place][RETURNED] is None:
        step: Any = trial.case.args[place + 1]
        if len(step) == 1:  # an attribute, which returns nothing
            return finding("wrong-type", title=f"{name} is None", words=WRONG_TYPE["any"])
        return finding("returns-none", title=f"{name} returns None")
    if due[place][RETURNED] is None:
        title = f"{name} returns something, and should return nothing"
        return finding("wrong-type", title=title, words=WRONG_TYPE["nothing-due"])
    return None


@dataclass(frozen=True)
class _Stop:
    """A method that stops with an error."""

    name: str
    given: int  # arguments of the call
    exception: str


_MAKING: Final = "__init__"


def _stop(trial: Trial) -> _Stop | None:
    """The method in which an object's first wrong answer is an error."""
    if isinstance(trial.outcome, Raised):  # while it was made
        making: Any = trial.case.args[0]
        return _Stop(_MAKING, len(making), trial.outcome.exception)
    value: Any = trial.outcome.value if isinstance(trial.outcome, Returned) else None
    place = sentences.departs(trial.case, trial.expected, value)
    if place is None or RAISED not in value[place]:
        return None
    step: Any = trial.case.args[place + 1]
    name, *called = step
    return _Stop(str(name), len(called[0]), str(value[place][RAISED])) if called else None


def _shown(node: ast.ClassDef, stop: _Stop) -> Diagnosis | None:
    """Where `self` is what a method lacks that stops."""
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == stop.name]
    if len(methods) != 1 or methods[0].decorator_list:
        return None
    method = methods[0]
    if stop.exception == "TypeError" and _takes_just(method, stop.given):
        told = (
            f"`{stop.name}` on line {method.lineno} takes no more than stands in the parentheses of its call."
        )
        return finding("raises", line=method.lineno, detail=told, words=STOPPED["no-self"])
    lone = _objects_own(node, method)
    if stop.exception in ("NameError", "UnboundLocalError") and lone is not None:
        told = f"On line {lone.lineno} of `{stop.name}` stands `{lone.id}`, and what the object has is `self.{lone.id}`."
        return finding("raises", line=lone.lineno, detail=told, words=STOPPED["not-its-own"])
    return None


def _takes_just(method: ast.FunctionDef, given: int) -> bool:
    """Whether a method has room for these arguments at most, and none for the object before them."""
    takes = [*method.args.posonlyargs, *method.args.args]
    return not method.args.vararg and len(takes) <= given and not any(one.arg == "self" for one in takes[:1])


def _objects_own(node: ast.ClassDef, method: ast.FunctionDef) -> ast.Name | None:
    """The first name that a method reads and has not, and that the object has as an attribute."""
    taken = {one.arg for one in ast.walk(method.args) if isinstance(one, ast.arg)}
    kept = {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.value, ast.Name)
        and one.value.id == "self"
    }
    read = [
        one
        for one in ast.walk(method)
        if isinstance(one, ast.Name) and one.id in kept - taken and len(one.id) <= 40
    ]
    return min(read, key=lambda one: (one.lineno, one.col_offset), default=None)


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

"""What is wrong with a class's methods: one is not there, or one stops with an error, as for want of `self`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from autograder.checking import sentences
from autograder.checking.attempt import Trial
from autograder.course.asking import RAISED, RETURNED
from autograder.explaining import nothing
from autograder.explaining import stopped as stops_itself
from autograder.explaining.general import GENERAL, WRONG_TYPE, finding
from autograder.explaining.mishaps import RAISED as BY_CLASS
from autograder.explaining.mishaps import STOPPED
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
    stop = stops[0]
    title = f"`{stop.name}` stops with {stop.exception}"
    lines = [one.lineno for one in stops_itself.own(node, stop.exception)]
    if stop.due and lines:
        title = f"`{stop.name}` raises {stop.exception}, and should raise {stop.due}"
        words = STOPPED["other-class"]
    elif lines:
        words = STOPPED["own-raise"]
    else:
        words = BY_CLASS.get(stop.exception, GENERAL["raises"])
    look = "Make the calls that are shown here and read the last line of the error"
    return finding(
        "raises", title=title, line=lines[0] if len(lines) == 1 else None, words=replace(words, look=look)
    )


def other_type(trial: Trial, others: Iterable[Trial]) -> Diagnosis | None:
    """The method that returns None, or something where None is due; None where the first wrong step shows neither.

    What `others` ask of the same method says whether it should ever return something.
    """
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
        if any(answer is not None for one in others for answer in _answers(one, _name(trial.case, place))):
            title = f"{name} should return None here, and returns something"
            return finding("wrong-type", title=title, words=WRONG_TYPE["none-due"])
        title = f"{name} returns something, and should return nothing"
        return finding("wrong-type", title=title, words=WRONG_TYPE["nothing-due"])
    return None


def _answers(trial: Trial, name: str) -> Iterator[Any]:
    """What the method or attribute of this name should give, each time that it is asked."""
    due: Any = trial.expected
    for place, step in enumerate(due if isinstance(due, list) else ()):
        if _name(trial.case, place) == name:
            yield step.get(RETURNED)


@dataclass(frozen=True)
class _Stop:
    """A method that stops with an error."""

    name: str
    given: int  # arguments of the call
    exception: str
    due: str = ""  # the class that should have been raised; empty where none should


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
    due: Any = trial.expected
    if not called:
        return None
    return _Stop(str(name), len(called[0]), str(value[place][RAISED]), str(due[place].get(RAISED, "")))


def _shown(node: ast.ClassDef, stop: _Stop) -> Diagnosis | None:
    """Where `self` is what a method lacks that stops."""
    unmade = _unmade(node) if stop.exception in ("AttributeError", "TypeError") else None
    if unmade is not None:
        told = f"On line {unmade.lineno} stands `{unmade.name}`."
        return finding("raises", line=unmade.lineno, detail=told, words=STOPPED["no-init"])
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
    if stop.exception not in ("AttributeError", "TypeError"):
        return None
    if (gone := nothing.kept(node, method)) is not None:
        title, words = f"`{stop.name}` stops with {stop.exception}", BY_CLASS[stop.exception]
        return finding("raises", title=title, line=gone.line, detail=gone.told, words=words)
    if stop.exception == "AttributeError" and (kept := _kept_by_none(node, method)) is not None:
        told = (
            f"On line {kept.lineno} stands `{kept.id}`, and what `{stop.name}` asks for is `self.{kept.id}`."
        )
        return finding("raises", line=kept.lineno, detail=told, words=STOPPED["not-kept"])
    return None


_NEARLY_INIT: Final = frozenset({"init", "int", "inti", "initialize", "initialise"})


def _unmade(node: ast.ClassDef) -> ast.FunctionDef | None:
    """The method that was meant to be `__init__`, where there is none."""
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    if node.bases or any(one.name == _MAKING for one in methods):
        return None
    return next((one for one in methods if one.name.strip("_").lower() in _NEARLY_INIT), None)


def _kept_by_none(node: ast.ClassDef, method: ast.FunctionDef) -> ast.Name | None:
    """What `__init__` makes and does not give to the object, and a method asks the object for."""
    asked = {
        one.attr
        for one in ast.walk(method)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "self"
    } - _written(node, of_the_object=True)
    made = [
        one
        for making in node.body
        if isinstance(making, ast.FunctionDef) and making.name == _MAKING
        for one in ast.walk(making)
        if isinstance(one, ast.Name)
        and isinstance(one.ctx, ast.Store)
        and one.id in asked
        and len(one.id) <= 40
    ]
    return min(made, key=lambda one: (one.lineno, one.col_offset), default=None)


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


def _written(node: ast.ClassDef, *, of_the_object: bool = False) -> set[str]:
    """The names that a class's text gives to its objects, as methods or as attributes, and to any variable but `of_the_object`."""
    names = {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef)}
    names |= {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
    }
    places: list[ast.AST] = [node]
    if of_the_object:
        places = [one for one in node.body if not isinstance(one, ast.FunctionDef)]
    return names | {
        one.id
        for place in places
        for one in ast.walk(place)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }

"""The checks that a function has without its author: its cases, the shape of its results, its inputs left alone.

They have weights, and `course.toml` has the points: `shared` gives each check its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from autograder import nested
from autograder.checking.checks import Attempt, Kind, fail
from autograder.course import material as materials
from autograder.course.material import Material
from autograder.errors import CourseError
from autograder.records import Case

PROPERTY_SHARE: Final = 1 / 3  # of a function's points, for all checks of mere properties together
_INPUTS: Final = "leaves its inputs alone"  # and what earlier calls have given, as the next
_RESULTS: Final = "leaves earlier results alone"  # of a function whose inputs cannot be changed
ALONE: Final = (_INPUTS, _RESULTS)  # the checks that the kit adds of its own accord
_ORDINARY, _EDGE, _PROPERTY = 2.0, 1.0, 0.125  # weights; of a property, a part of all those of values
_STEPS: Final = (4, 10, 20, 100)  # parts of a point in which points are given, the largest that will do


@dataclass(frozen=True)
class Standard:
    """One check that nobody wrote."""

    function: str
    name: str
    weight: float
    kind: Kind
    test: Callable[[Attempt], None]


def checks(material: Material, function: str) -> tuple[Standard, ...]:
    """The checks of a function by its hidden cases; CourseError where these do not hold together.

    An author who lists them, `CHECKS` in inputs.py, says by their names what they weigh, and which cases they look at.
    """
    cases = materials.structures(material, function, "hidden")
    if function in material.checks:
        return tuple(_listed(material, function, cases))
    found = [
        Standard(
            function,
            case.name,
            _ORDINARY if case.kind == "ordinary" else _EDGE,
            "values",
            _agreeing(function, case.name),
        )
        for case in cases
    ]
    property_weight = sum(one.weight for one in found) * _PROPERTY
    if cases and cases[0].asks == "result":
        shapes = _shapes(material, function, cases)
        if shapes:
            test = _shaped(function, tuple(case.name for case in shapes))
            found.append(Standard(function, "the shape of the result", property_weight, "property", test))
        if any(_can_change(one) for case in cases for one in case.args):
            test = _innocent(function)
            found.append(Standard(function, _INPUTS, property_weight, "property", test))
        elif any(
            _can_change(materials.expected(material, function, case)) for case in cases if not case.raises
        ):
            test = _lasting(function)
            found.append(Standard(function, _RESULTS, property_weight, "property", test))
    return tuple(found)


def _listed(material: Material, function: str, cases: Sequence[Case]) -> Iterator[Standard]:
    """The checks that an author lists: a weight, and the cases where there are some.

    A weight alone is of the case of that name, or of the check that inputs, or earlier results, are left alone.
    """
    known = [case.name for case in cases]
    for name, said in material.checks[function].items():
        weight, *looks = said if isinstance(said, tuple) else (said,)
        if not isinstance(weight, int | float) or not weight > 0:
            raise _bad(material, function, name, f"weighs {weight!r}: give a number above 0")
        if not looks and name in ALONE:
            test = _innocent(function) if name == _INPUTS else _lasting(function)
            yield Standard(function, name, weight, "property", test)
        else:
            named = looks or [name]
            if strangers := [one for one in named if one not in known]:
                which = f"{strangers[0]!r} is none of its cases: {', '.join(known)}"
                raise _bad(material, function, name, f"looks at a case that is not there: {which}")
            yield Standard(function, name, weight, "values", _agreeing(function, *named))


def _bad(material: Material, function: str, name: str, what: str) -> CourseError:
    return CourseError(f"{material.folder / 'inputs.py'}: CHECKS[{function!r}]: the check {name!r} {what}")


def shared(points: float, weights: Sequence[float], properties: Sequence[bool]) -> list[float]:
    """The points of checks with these weights, which add up to `points`: in quarters of a point, or finer.

    No check is without any, and those of mere properties have a third together at most.
    """
    for parts in _STEPS:
        whole = points * parts
        if abs(whole - round(whole)) > 1e-9 or round(whole) < len(weights):
            continue
        given = _apportioned(round(whole), weights)
        of_properties = sum(one for one, mere in zip(given, properties, strict=True) if mere)
        if of_properties <= round(whole) * PROPERTY_SHARE + 1e-9:
            return [one / parts for one in given]
    total = sum(weights)
    return [points * weight / total for weight in weights]


def _apportioned(whole: int, weights: Sequence[float]) -> list[int]:
    """So many parts shared out by weight, the largest remainders first, and one at least for each."""
    due = [whole * weight / sum(weights) for weight in weights]
    given = [math.floor(one + 1e-9) for one in due]
    for place in sorted(range(len(due)), key=lambda place: (given[place] - due[place], place)):
        if sum(given) == whole:
            break
        given[place] += 1
    while 0 in given:
        given[given.index(max(given))] -= 1
        given[given.index(0)] += 1
    return given


def _agreeing(function: str, *cases: str) -> Callable[[Attempt], None]:
    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        attempt.agrees(function, *cases)

    return test


def _innocent(function: str) -> Callable[[Attempt], None]:
    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        attempt.leaves_inputs_alone(function)

    return test


def _lasting(function: str) -> Callable[[Attempt], None]:
    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        attempt.leaves_results_alone(function)

    return test


def _shaped(function: str, cases: tuple[str, ...]) -> Callable[[Attempt], None]:
    def test(attempt: Attempt) -> None:
        __tracebackhide__ = True
        due = {trial.case.name: nested.shape(trial.expected) for trial in attempt.trials(function, *cases)}
        for case, result in attempt.arrays(function, *cases):
            if result.shape != due[case.name]:
                fail(f"On “{case.name}”: the shape should be {due[case.name]}, and is {result.shape}.")

    return test


def _shapes(material: Material, function: str, cases: Sequence[Case]) -> list[Case]:
    """The ordinary cases whose results are arrays, none where some are not."""
    ordinary = [case for case in cases if case.kind == "ordinary" and not case.raises]
    due = [materials.expected(material, function, case) for case in ordinary]
    return ordinary if all(isinstance(one, np.ndarray) and one.ndim for one in due) else []


def _can_change(argument: object) -> bool:
    return isinstance(argument, np.ndarray | list | dict | set) or any(
        isinstance(leaf, np.ndarray) for leaf in nested.leaves(argument)
    )

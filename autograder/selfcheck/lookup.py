"""A unit's material as students have it: what the secret one computes is looked up in `checks.json` here.

On a student's machine the same stages try a function and explain it as do when it is graded. They are handed a
material of the same form that holds no code: expected results, symptoms and worked cells for the public inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np

from autograder import installed
from autograder.checking.attempt import Examiner
from autograder.child import figures, nodes, packing, unpacking
from autograder.course import plainly
from autograder.course.drawing import as_they_are
from autograder.course.material import Material
from autograder.course.steps import Index, Misconception, Procedure
from autograder.data import Array, Other, Value
from autograder.errors import CourseError
from autograder.records import (
    Case,
    Course,
    Function,
    Limits,
    Outcome,
    Raised,
    Returned,
    Tolerance,
    Unit,
    WorkedStep,
)
from autograder.sandbox.worker import Start
from autograder.selfcheck import checkfile
from autograder.selfcheck.checkfile import (
    CaseData,
    CheckFile,
    FunctionData,
    SymptomData,
    WayData,
)
from autograder.tolerance import TABLE_PARTS

_Key: TypeAlias = tuple[Any, ...]


def examiner(file: CheckFile, folder: Path, start: Start, handout: frozenset[str]) -> Examiner:
    """The examiner of the unit in `folder`; its functions are the unit's own and those brought along.

    Raises CourseError where it asks for what is not installed here.
    """
    if figures.lacking() and any(data.asks == "drawing" for data in file.functions):
        raise CourseError(
            f"the unit {file.unit!r} asks for drawings, and there is no matplotlib:"
            f" {installed.with_extra('values')}"
        )
    unit = Unit(file.unit, file.title, tuple(map(_function, file.functions)))
    course = Course(folder, file.title, 0, folder, None, Limits(), (unit,))
    material = _material(file, folder)
    return Examiner(course, unit, material, b"", start, material.procedures, handout)


def cases(data: FunctionData) -> tuple[Case, ...]:
    """The public inputs of one function."""
    return tuple(map(checkfile.case, data.cases))


@dataclass(frozen=True)
class LookedUp(Procedure):
    """A reference without steps: its results and worked cells are known for the public inputs alone."""

    looked_up: ClassVar[bool] = True

    results: Mapping[_Key, Outcome] = field(default_factory=dict)
    cells: Mapping[_Key, Mapping[str, tuple[WorkedStep, ...]]] = field(default_factory=dict)

    def __call__(self, *args: Any) -> Any:
        """The result, as the reference returns it; KeyError for other inputs."""
        return _give(self.results[_key(args)])

    def worked(self, args: tuple[Any, ...], index: Index) -> tuple[WorkedStep, ...]:
        """The arithmetic of one cell, nothing where it did not ship."""
        return self.cells.get(_key(args), {}).get(",".join(map(str, index)), ())


@dataclass(frozen=True)
class Recalled:
    """The symptom of a catalogued mistake: what it does on the public inputs, and what its steps give there."""

    looked_up: ClassVar[bool] = True

    outcomes: Mapping[_Key, Outcome]
    ways: Sequence[WayData]

    def __call__(self, *args: Any) -> Any:
        """The result, as the mistake has it; KeyError for other inputs."""
        return _give(self.outcomes[_key(args)])


def step_values(data: FunctionData, case: CaseData) -> dict[str, Array]:
    """The value of each step on a case by its symbol; empty where they did not ship."""
    return {symbol: unpacking.unpack_array(data.arrays[number]) for symbol, number in case.steps.items()}


def _material(file: CheckFile, folder: Path) -> Material:
    return Material(
        unit=file.unit,
        folder=folder,
        procedures={data.name: _procedure(data) for data in file.functions},
        cases={data.name: _drawn(data) for data in file.functions},
        misconceptions={data.name: tuple(_misconceptions(data)) for data in file.functions},
        graders=folder,
        examples=folder,
        digest="",
        full_marks={
            data.name: checkfile.full_marks(data.full_marks)
            for data in file.functions
            if data.full_marks is not None
        },
        smaller={
            (data.name, "explain"): tuple(case for case in cases(data) if case.of) for data in file.functions
        },
    )


def _function(data: FunctionData) -> Function:
    tables = tuple(part for part in TABLE_PARTS if part not in data.overlooked)
    tolerance = Tolerance(data.absolute, data.relative, data.exact, tables)
    return Function(data.name, data.points, tolerance)


def _drawn(data: FunctionData) -> Callable[[np.random.Generator], tuple[Case, ...]]:
    known = tuple(replace(case, vary=as_they_are) for case in cases(data) if not case.of)
    return lambda _: known


def _procedure(data: FunctionData) -> LookedUp:
    keys = [_key(case.args) for case in cases(data)]
    return LookedUp(
        function=data.name,
        parameters=tuple(data.parameters),
        steps=(),
        returns=tuple(data.results),
        by_chance=data.by_chance,
        results=dict(zip(keys, _due(data), strict=True)),
        cells={key: _worked(data, case.worked) for key, case in zip(keys, data.cases, strict=True)},
    )


def _worked(
    data: FunctionData, arithmetic: Mapping[str, Sequence[str]]
) -> Mapping[str, tuple[WorkedStep, ...]]:
    return {
        cell: tuple(
            WorkedStep(step.name, step.sentence, step.formula, step.plain, line)
            for step, line in zip(data.steps, lines, strict=True)
            if line
        )
        for cell, lines in arithmetic.items()
    }


def _misconceptions(data: FunctionData) -> list[Misconception]:
    keys, due = [_key(case.args) for case in cases(data)], _due(data)
    return [
        Misconception(
            id=symptom.id,
            title=symptom.title,
            step=symptom.step,
            symptom=_symptom(symptom, keys, due),
            why=symptom.why,
            look=symptom.look,
            read=symptom.read,
            edge=symptom.edge,
            off=symptom.off,
            question=symptom.question,
            telltale=symptom.telltale,
            fits=_fits(data, symptom),
        )
        for symptom in data.symptoms
    ]


def _fits(data: FunctionData, symptom: SymptomData) -> Callable[[Case, Outcome, bool], bool] | None:
    """What bears a mistake out that is known by its results; None where that is its symptom alone."""
    if not symptom.fits:
        return None
    table = {case.name: kinds for case, kinds in zip(data.cases, symptom.fits, strict=True)}

    def fits(case: Case, outcome: Outcome, right: bool) -> bool:
        did = "right" if right else "returned" if isinstance(outcome, Returned) else "raised"
        return did in table[case.name]

    return fits


def _symptom(symptom: SymptomData, keys: Sequence[_Key], due: Sequence[Outcome]) -> Recalled:
    outcomes = {
        key: right if did is None else checkfile.outcome(did)
        for key, right, did in zip(keys, due, symptom.outcomes, strict=True)
    }
    return Recalled(outcomes, symptom.ways)


def _due(data: FunctionData) -> list[Outcome]:
    return [
        Raised(case.raises[0]) if case.raises else Returned(_value(checkfile.expected(case)))
        for case in data.cases
    ]


def _value(expected: Any) -> Value:
    value: Value = expected
    return value


def _give(outcome: Outcome) -> Any:
    """Does what the outcome says; an exception is told by its class's name alone."""
    if isinstance(outcome, Raised):
        raise type(outcome.exception, (Exception,), {})
    assert isinstance(outcome, Returned)
    if isinstance(outcome.value, Other):
        return type(outcome.value.type_name, (), {})()
    return outcome.value


def _key(args: Sequence[Any]) -> _Key:
    """By which a known input is found again."""
    return tuple(_of_node(packing.pack(plainly.argument(arg))) for arg in args)


def _of_node(node: nodes.Node | nodes.Tree) -> _Key:
    """A value as data in a form that can be looked up; 1, 1.0 and True are three values."""
    if isinstance(node, nodes.Tree):
        return ("Tree", *map(_of_node, node.nodes))
    held = [getattr(node, name) for name in node.__struct_fields__]
    plain = isinstance(node, nodes.PlainData) and type(node.value) is not str
    return (type(node).__name__, *(map(repr, held) if plain else held))

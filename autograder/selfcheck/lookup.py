"""A unit's material as students have it: what the secret one computes is looked up in `checks.json` here.

On a student's machine the same stages try a function and explain it as do when it is graded. They are handed a
material of the same form that holds no code: expected results, symptoms and worked cells for the public inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from autograder.checking.attempt import Examiner
from autograder.child import wire
from autograder.course.material import Material
from autograder.course.steps import Index, Misconception, Procedure
from autograder.explaining import search
from autograder.explaining.search import Candidates, Fit, Guess, Sketched
from autograder.explaining.sketch import Sketch
from autograder.explaining.trace import Ways
from autograder.records import (
    Array,
    Case,
    Course,
    Function,
    Limits,
    Other,
    Outcome,
    Raised,
    Returned,
    Tolerance,
    Unit,
    Value,
    WorkedStep,
)
from autograder.sandbox.worker import Child
from autograder.selfcheck import checkfile
from autograder.selfcheck.checkfile import (
    CaseData,
    CheckFile,
    FunctionData,
    SketchesData,
    SymptomData,
    WayData,
)

_Key: TypeAlias = tuple[Any, ...]


def examiner(file: CheckFile, folder: Path, start: Callable[[], Child], handout: frozenset[str]) -> Examiner:
    """The examiner of the unit in `folder`; its functions are the unit's own and those brought along."""
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

    outcomes: Mapping[_Key, Outcome]
    ways: Sequence[WayData]

    def __call__(self, *args: Any) -> Any:
        """The result, as the mistake has it; KeyError for other inputs."""
        return _give(self.outcomes[_key(args)])


@dataclass(frozen=True, eq=False)
class Sketchy(Sketched):
    """A guess: what it does looks like on the public inputs, and what its steps give there."""

    ways: Sequence[WayData] = ()


@dataclass(frozen=True)
class Shipped(Candidates):
    """All that may account for the results of one function, as far as it shipped."""

    data: FunctionData = field(kw_only=True)
    # The misconceptions as they shipped, by place; those of the catalogue and of the edges are among them.
    all: tuple[Misconception, ...] = field(kw_only=True)

    @cached_property
    def pairs(self) -> tuple[Guess, ...]:
        """Two catalogued mistakes at once."""
        return tuple(guess for guess in self._guesses if len(guess.diagnoses) == 2)

    @cached_property
    def changes(self) -> tuple[Guess, ...]:
        """The reference with one step changed."""
        return tuple(guess for guess in self._guesses if len(guess.diagnoses) == 1)

    @property
    def mixed_pairs(self) -> tuple[Guess, ...]:
        """None shipped: they would take more room than all others together."""
        return ()

    def ways(
        self, case: Case, fit: Fit | None, departed: Sequence[Procedure], tolerance: Tolerance
    ) -> Ways | None:
        """What a trace on `case` is held against; None where its steps did not ship."""
        place, known = next(
            (place, known) for place, known in enumerate(self.data.cases) if known.name == case.name
        )
        if not known.steps:
            return None
        right = dict(zip(self.data.parameters, case.args, strict=True)) | step_values(self.data, known)
        symptom = fit.symptom if fit is not None else None
        shipped = symptom.ways if isinstance(symptom, Recalled | Sketchy) else ()
        here = [way for way in shipped if way.case == place]
        return Ways(
            args=case.args,
            steps={step.symbol: step for step in self.data.steps},
            returns=tuple(self.data.results),
            right={symbol: value for symbol, value in right.items() if isinstance(value, np.ndarray)},
            departed=tuple((symbol, self._array(number)) for way in here for symbol, number in way.values),
            changed=frozenset(symbol for way in here for symbol in way.changed),
            innocent=tuple(map(self._array, known.innocent)),
        )

    def both(self, fit: Fit, edge: Misconception) -> Callable[..., Any] | Sketched | None:
        """What shipped of the two together: nothing where the first is a guess, which no edge is told beside."""
        return self._both.get((id(fit.symptom), id(edge.symptom)))

    @cached_property
    def _both(self) -> dict[tuple[int, int], Sketched]:
        """By the symptoms of the two."""
        data, symptoms = self.data, [one.symptom for one in self.all]
        looks = _looks(data, data.both_sketches)
        return {
            (id(symptoms[both.first]), id(symptoms[both.edge])): Sketched(looks[number])
            for number, both in enumerate(data.both)
        }

    def _array(self, number: int) -> Array:
        return wire.unpack_array(self.data.arrays[number])

    @cached_property
    def _guesses(self) -> list[Guess]:
        data, catalogue = self.data, self.all
        looks = _looks(data, data.sketches)
        return [
            Guess(
                Sketchy(looks[number], guess.ways),
                tuple(
                    [search.named(catalogue[symptom]) for symptom in guess.symptoms]
                    + ([search.changed_step(guess.step, guess.how)] if guess.step else [])
                ),
                tuple(catalogue[symptom] for symptom in guess.told_by),
            )
            for number, guess in enumerate(data.guesses)
        ]


def candidates(file: CheckFile, examiner: Examiner, function: str) -> Candidates:
    """What may account for the results of one function of the file."""
    data = file.function(function)
    assert data is not None
    catalogue = examiner.material.misconceptions[function]
    return Shipped(
        reference=examiner.procedures[function],
        catalogue=tuple(misconception for misconception in catalogue if not misconception.edge),
        edge=tuple(misconception for misconception in catalogue if misconception.edge),
        borrowed=(),
        draw=examiner.material.cases[function],
        data=data,
        all=catalogue,
    )


def step_values(data: FunctionData, case: CaseData) -> dict[str, Array]:
    """The value of each step on a case by its symbol; empty where they did not ship."""
    return {symbol: wire.unpack_array(data.arrays[number]) for symbol, number in case.steps.items()}


def _looks(data: FunctionData, sketches: Sequence[SketchesData]) -> list[Mapping[str, Sketch | None]]:
    """For each mistake, what it looks like on each case by its name; None where that is as it should be."""
    columns = []
    for known in sketches:
        forms, sums = wire.unpack_array(known.form).tolist(), wire.unpack_array(known.sums).astype(float)
        columns.append(
            [
                Sketch(known.forms[form], row) if known.forms[form] else None
                for form, row in zip(forms, sums, strict=True)
            ]
        )
    names = [case.name for case in data.cases]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


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
    )


def _function(data: FunctionData) -> Function:
    return Function(data.name, data.points, Tolerance(data.absolute, data.relative))


def _drawn(data: FunctionData) -> Callable[[np.random.Generator], tuple[Case, ...]]:
    known = cases(data)
    return lambda _: known


def _procedure(data: FunctionData) -> LookedUp:
    keys = [_key(case.args) for case in cases(data)]
    return LookedUp(
        function=data.name,
        parameters=tuple(data.parameters),
        steps=(),
        returns=tuple(data.results),
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
    return tuple(
        (arg.dtype.str, arg.shape, arg.tobytes()) if isinstance(arg, np.ndarray) else tuple(arg)
        for arg in args
    )

"""What may account for a function's results, as far as it ships: symptoms and sketches, and no code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checking.attempt import Examiner
from autograder.child import unpacking
from autograder.course.steps import Misconception, Procedure
from autograder.data import Array
from autograder.explaining import candidates
from autograder.explaining.candidates import Candidates, Fit, Guess
from autograder.explaining.sketch import Sketch, Sketched
from autograder.explaining.trace import Ways
from autograder.records import Case, Outcome, Tolerance
from autograder.selfcheck import checkfile
from autograder.selfcheck.checkfile import CheckFile, FunctionData, SketchesData, WayData
from autograder.selfcheck.lookup import Recalled, step_values


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
            mistaken=frozenset(
                symbol for way in here for symbol in (*way.others, *(known for known, _ in way.values))
            ),
            innocent=tuple(map(self._array, known.innocent)),
        )

    def both(self, fit: Fit, edge: Misconception) -> Callable[..., Any] | Sketched | None:
        """What shipped of the two together: nothing where the first is a guess, which no edge is told beside."""
        return self._both.get((id(fit.symptom), id(edge.symptom)))

    def due(self, line: str) -> Outcome | None:
        """What shipped of what a line gives with the right function."""
        shipped = (one.experiment for one in self.data.symptoms if one.look == line)
        known = next((outcome for outcome in shipped if outcome is not None), None)
        return None if known is None else checkfile.outcome(known)

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
        return unpacking.unpack_array(self.data.arrays[number])

    @cached_property
    def _guesses(self) -> list[Guess]:
        data, catalogue = self.data, self.all
        looks = _looks(data, data.sketches)
        return [
            Guess(
                Sketchy(looks[number], guess.ways),
                tuple(
                    [candidates.named(catalogue[symptom]) for symptom in guess.symptoms]
                    + ([candidates.changed_step(guess.step, guess.how)] if guess.step else [])
                ),
                tuple(guess.telltales),
            )
            for number, guess in enumerate(data.guesses)
        ]


def shipped(file: CheckFile, examiner: Examiner, function: str) -> Candidates:
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


def _looks(data: FunctionData, sketches: Sequence[SketchesData]) -> list[Mapping[str, Sketch | None]]:
    """For each mistake, what it looks like on each case by its name; None where that is as it should be."""
    columns = []
    for known in sketches:
        forms, sums = (
            unpacking.unpack_array(known.form).tolist(),
            unpacking.unpack_array(known.sums).astype(float),
        )
        columns.append(
            [
                Sketch(known.forms[form], row) if known.forms[form] else None
                for form, row in zip(forms, sums, strict=True)
            ]
        )
    names = [case.name for case in data.checks]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

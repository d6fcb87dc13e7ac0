"""Tries one function of a submission on all its inputs, in the worker, beside the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import course as course_file
from autograder import material, notebooks, secret, worker
from autograder.compare import changed_inputs, compare
from autograder.errors import UnreadableError
from autograder.material import Material
from autograder.records import (
    Argument,
    Case,
    Cell,
    Course,
    Function,
    Mismatch,
    Outcome,
    Submission,
    Unit,
    Value,
)
from autograder.steps import Misconception, Procedure
from autograder.worker import Child, Request, Run

_REPEATED = 2  # explain cases that are called a second time, to see whether the result depends on luck


@dataclass(frozen=True)
class Trial:
    """One case: what was due and what came."""

    case: Case
    expected: Value | tuple[str, ...]
    outcome: Outcome
    mismatch: Mismatch | None  # None: as it should be
    changed: bool  # the function changed its arguments


@dataclass(frozen=True)
class Attempt:
    """One function of one submission on all its inputs."""

    function: Function
    hidden: tuple[Trial, ...]  # decide the score; their numbers are never shown
    explain: tuple[Trial, ...]  # decide nothing; may always be shown
    again: tuple[tuple[Trial, Outcome], ...]  # explain trials, and what a second call gave
    run: Run


@dataclass(frozen=True)
class Examiner:
    """All that it takes to try the functions of one unit: the course's side of the table."""

    course: Course
    unit: Unit
    material: Material
    secret: bytes
    start: Callable[[], Child]  # a fresh locked-in child
    procedures: Mapping[str, Procedure]  # of this unit and all before it
    handout: frozenset[str]  # the texts of the released notebook's code cells
    # By function, of this unit and all before it.
    misconceptions: Mapping[str, tuple[Misconception, ...]] = field(default_factory=dict)

    def attempt(self, submission: Submission, function: Function, replaced: Sequence[str] = ()) -> Attempt:
        """Tries `function`; calls of the functions in `replaced` are answered by the reference.

        The explain inputs are answered before the first hidden one is sent: what a student's own text says
        about an explain input cannot have seen a hidden one.
        """
        explain, hidden = (
            material.draw(
                self.material,
                function.name,
                secret.seed(self.secret, family, submission.unit, submission.student, function.name),
            )
            for family in ("explain", "hidden")
        )
        repeated = [case for case in explain if case.kind == "ordinary"][:_REPEATED]
        run = worker.run(
            self.start,
            Request(
                function=function.name,
                cells=self._cells(submission),
                batches=[[case.args for case in (*explain, *repeated)], [case.args for case in hidden]],
                replaced=replaced,
                answer=self._answer,
            ),
        )
        shown, graded = run.outcomes
        tried = tuple(map(self._trial, [function] * len(explain), explain, shown))
        return Attempt(
            function=function,
            hidden=tuple(map(self._trial, [function] * len(hidden), hidden, graded)),
            explain=tried,
            again=tuple(
                (trial, outcome)
                for case, outcome in zip(repeated, shown[len(explain) :], strict=True)
                for trial in tried
                if trial.case is case
            ),
            run=run,
        )

    def without_globals(self, submission: Submission, attempt: Attempt, names: Sequence[str]) -> Outcome:
        """The first ordinary explain case once more, with these variables of the notebook taken away."""
        case = next(trial.case for trial in attempt.explain if trial.case.kind == "ordinary")
        return self._once_more(submission, attempt, case, hide=names).outcomes[0][0]

    def _once_more(
        self, submission: Submission, attempt: Attempt, case: Case, *, hide: Sequence[str] = ()
    ) -> Run:
        """One explain case in a fresh child, with the same stand-ins and without the cells that do not end."""
        return worker.run(
            self.start,
            Request(
                function=attempt.function.name,
                cells=self._cells(submission),
                batches=[[case.args]],
                replaced=sorted(attempt.run.asked),
                answer=self._answer,
                hide=[hide],
                left_out=attempt.run.left_out,
            ),
        )

    def _cells(self, submission: Submission) -> list[tuple[Cell, bool]]:
        return [(cell, cell.source.strip() in self.handout) for cell in submission.cells]

    def _trial(self, function: Function, case: Case, outcome: Outcome) -> Trial:
        expected = material.expected(self.material, function.name, case)
        return Trial(
            case,
            expected,
            outcome,
            compare(case, expected, outcome, function.tolerance),
            changed_inputs(case, outcome),
        )

    def _answer(self, name: str, args: Sequence[Argument]) -> Value | Exception:
        """What the right function returns, for a student's function that calls it."""
        procedure = self.procedures[name]
        if len(args) < len(procedure.parameters):
            return TypeError(name)
        try:
            with np.errstate(all="ignore"):
                result: Any = procedure(*args[: len(procedure.parameters)])
        except Exception as error:  # whatever NumPy says to a student's odd arguments
            return error if isinstance(error, KeyError) else ValueError(name)
        if isinstance(result, tuple):
            return tuple(np.asarray(part) for part in result)
        return np.asarray(result)


def examiner(course: Course, unit: Unit, start: Callable[[], Child]) -> Examiner:
    """The examiner of one unit; CourseError where the course's material does not hold together."""
    procedures: dict[str, Procedure] = {}
    misconceptions: dict[str, tuple[Misconception, ...]] = {}
    for taught in course.units:
        loaded = material.load(course, taught)
        procedures |= loaded.procedures
        misconceptions |= loaded.misconceptions
        if taught.name == unit.name:
            break
    return Examiner(
        course=course,
        unit=unit,
        material=loaded,
        secret=secret.load(course),
        start=start,
        procedures=procedures,
        handout=_handout(course, unit),
        misconceptions=misconceptions,
    )


def replaceable(examiner: Examiner, submission: Submission, function: Function, right: set[str]) -> list[str]:
    """The functions taught before `function` that are not known to be right and that the notebook mentions."""
    return [
        name
        for name in course_file.earlier_functions(examiner.course, function.name)
        if name not in right and any(name in cell.source for cell in submission.cells)
    ]


def _handout(course: Course, unit: Unit) -> frozenset[str]:
    """Without a released notebook every cell counts as the student's own, which costs time and nothing else."""
    path = course.root / "assignments" / unit.name / f"{unit.name}.ipynb"
    try:
        cells = notebooks.code_cells(notebooks.read_bytes(path))
    except UnreadableError:
        return frozenset()
    return frozenset(cell.source.strip() for cell in cells)

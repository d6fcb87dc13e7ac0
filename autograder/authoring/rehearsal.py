"""A unit before any student meets it: its solution handed in, with other code in the cell of one function."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from autograder.authoring import mutants
from autograder.authoring.mutants import Mutant
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import changed_inputs, compare, held_against
from autograder.course import corpus, material, secret, solution
from autograder.course.corpus import Example
from autograder.errors import CourseError
from autograder.explaining.diagnose import Findings
from autograder.grading.judging import Judged
from autograder.grading.pipeline import Pipeline
from autograder.notebook import definitions, notebooks, syntax
from autograder.records import Case, Cell, Course, Function, Outcome, Submission, Unit
from autograder.sandbox.worker import Run
from autograder.words import in_full

STUDENT: Final = "verify"
MAY_RAISE: Final = "raises-exception"
DECISIVE: Final[tuple[secret.Family, ...]] = ("explain", "hidden")  # families by which a finding is told


@dataclass(frozen=True)
class Notebook:
    """A unit's notebook as a student with full marks hands it in."""

    unit: str
    functions: tuple[str, ...]  # the unit's own, and those that students bring
    cells: tuple[Cell, ...]
    may_raise: frozenset[int] = frozenset()  # cells that are tagged so, as Jupyter's own tools take the tag

    @classmethod
    def solved(cls, course: Course, unit: Unit) -> Self:
        """The solution of a unit; CourseError where it cannot be read."""
        document = solution.solved(course, unit)
        functions = (*(function.name for function in unit.functions), *unit.brings)
        tagged = frozenset(
            index
            for index, cell in enumerate(document["cells"])
            if MAY_RAISE in cell["metadata"].get("tags", ())
        )
        cells = notebooks.code_cells(json.dumps(document).encode())
        return cls(unit.name, functions, cells, tagged)

    def submission(self) -> Submission:
        """It, handed in."""
        return definitions.submission(self.unit, self.functions, self.cells, student=STUDENT)

    def source(self, function: str) -> str:
        """The cell of a function; CourseError where there is none."""
        source = syntax.definition(self.cells, function).source
        if source is None:
            raise CourseError(f"unit {self.unit!r}: no cell of the solution notebook defines {function!r}")
        return source

    def with_function(self, function: str, source: str) -> Submission:
        """It with other code in the cell of one function, handed in."""
        place = syntax.definition(self.cells, function).cell
        cells = tuple(replace(cell, source=source) if cell is place else cell for cell in self.cells)
        return replace(self, cells=cells).submission()


@dataclass(frozen=True)
class Verdict:
    """What some code comes to: what a student sees first of a result."""

    score: float
    found: str  # the id of the first finding, or `right`, or `nothing`

    def __str__(self) -> str:
        return f"{in_full(self.score)} and {self.found}"


@dataclass(frozen=True)
class Rehearsal:
    """A unit made ready to be tried."""

    pipeline: Pipeline
    notebook: Notebook
    # By function and source, of the student STUDENT: what was tried once.
    _known: dict[tuple[str, str], Verdict] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """The rehearsal of a pipeline's unit; CourseError where its solution cannot be read."""
        return cls(pipeline, Notebook.solved(pipeline.examiner.course, pipeline.unit))

    def elsewhere(self) -> Self:
        """The same under another secret, which is the same on every machine."""
        examiner = replace(self.pipeline.examiner, secret=hashlib.sha256(b"verify").digest())
        return replace(self, pipeline=replace(self.pipeline, examiner=examiner), _known={})

    def judged(self, function: Function, source: str) -> Judged:
        """One function with other code, beside the right ones of the solution."""
        submission = self.notebook.with_function(function.name, source)
        return self.pipeline.check(self.pipeline.examiner.attempt(submission, function))

    def of_students(self, function: Function, source: str, students: Sequence[str]) -> list[Judged]:
        """The same code handed in by each of these students, run once."""
        submission = self.notebook.with_function(function.name, source)
        handed_in = [replace(submission, student=student) for student in students]
        return [
            self.pipeline.check(attempt) for attempt in self.pipeline.examiner.attempts(handed_in, function)
        ]

    def alone(self, function: Function, source: str, student: str) -> Verdict:
        """What it comes to where this student alone hands it in."""
        submission = replace(self.notebook.with_function(function.name, source), student=student)
        return self.seen(self.pipeline.check(self.pipeline.examiner.attempt(submission, function)))

    def as_if(self, function: Function, answer: Callable[[Case], Outcome]) -> Attempt:
        """An attempt with these answers, as if a student's function had given them."""

        def tried(family: secret.Family) -> tuple[Trial, ...]:
            trials = []
            for case, due in self.drawn(function, family):
                outcome = held_against(case, due, answer(case), function.tolerance)
                mismatch = compare(case, due, outcome, function.tolerance)
                trials.append(Trial(case, due, outcome, mismatch, changed_inputs(case, outcome)))
            return tuple(trials)

        nothing = definitions.submission(
            self.notebook.unit, (), (), student=STUDENT
        )  # no source, only results
        run = Run([], defined=True)
        return Attempt(nothing, function, hidden=tried("hidden"), explain=tried("explain"), again=(), run=run)

    def verdict(self, function: Function, source: str) -> Verdict:
        """What one function with other code comes to."""
        known = self._known.get((function.name, source))
        if known is None:
            known = self._known[function.name, source] = self.seen(self.judged(function, source))
        return known

    def seen(self, judged: Judged) -> Verdict:
        """The marks, and what is found first."""
        if judged.full_marks:
            return Verdict(judged.score, "right")
        diagnoses = self.findings(judged, lines=False).diagnoses
        return Verdict(judged.score, diagnoses[0].id if diagnoses else "nothing")

    def findings(self, judged: Judged, *, lines: bool = True) -> Findings:
        """Why a function lost marks, as grading tells it; `lines` as in `diagnose`."""
        judged = replace(judged, attempt=self.pipeline.examiner.proven(judged.attempt))
        return self.pipeline.findings(judged, lines=lines)

    def examples(self, function: Function) -> tuple[Example, ...]:
        """The corpus of student code for one function."""
        return corpus.examples(self.pipeline.examiner.material, function.name)

    def mutants(self, function: Function) -> list[Mutant]:
        """All small changes to the solution of one function."""
        return list(mutants.every(self.notebook.source(function.name), function.name))

    def drawn(self, function: Function, family: secret.Family) -> list[tuple[Case, Any]]:
        """The cases of one family, each with what is due."""
        examiner = self.pipeline.examiner
        if family == "public":
            seed = secret.public_seed(examiner.course, self.pipeline.unit.name, function.name)
        else:
            seed = secret.seed(examiner.secret, family, self.pipeline.unit.name, STUDENT, function.name)
        cases = material.draw(examiner.material, function.name, family, seed)
        return [(case, material.expected(examiner.material, function.name, case)) for case in cases]

"""Proves a unit's graders before a student meets them, through the real worker and the real checks.

The solution earns full marks and the stub none; every example of student code gets the marks and the finding it
should; every catalogued misconception loses marks and is named first, and the inputs tell any two of them apart;
every small change to the solution is caught; and all of that is the same under other secrets.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import msgspec

from autograder.authoring import mutants
from autograder.authoring.mutants import Mutant
from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import changed_inputs, compare, same_outcome
from autograder.course import material, secret, solution
from autograder.course.material import Example
from autograder.course.steps import Misconception
from autograder.errors import CourseError
from autograder.explaining import diagnose
from autograder.grading.pipeline import Judged, Pipeline
from autograder.notebook import collect, notebooks, syntax
from autograder.records import Case, Cell, Course, Diagnosis, Function, Outcome, Submission, Unit
from autograder.sandbox.worker import Run
from autograder.words import counted

DEFAULT_SEEDS: Final = 3
SCHEMA: Final = 1
EQUIVALENT: Final = "equivalent_mutants.toml"
_STUDENT: Final = "verify"
# What hangs or is killed costs seconds each time, and what comes out at random may differ.
_NOT_AGAIN: Final = ("general.timeout", "general.out-of-memory", "general.crashed", "general.random")

Part: TypeAlias = Literal["solution", "stub", "example", "misconception", "apart", "mutant", "seed"]


@dataclass(frozen=True)
class Proof:
    """One thing that was tried, and whether it came out as it should."""

    part: Part
    function: str
    what: str
    holds: bool
    detail: str = ""  # what came out instead; of a mutant, which check caught it or why nothing can


@dataclass(frozen=True)
class VerifyReport:
    """All that was tried of one unit."""

    unit: str
    title: str
    seeds: int
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Whether everything came out as it should."""
        return all(proof.holds for proof in self.proofs)

    @property
    def failures(self) -> tuple[Proof, ...]:
        """What did not come out as it should."""
        return tuple(proof for proof in self.proofs if not proof.holds)

    @property
    def mutation_score(self) -> float | None:
        """The share of mutants that a check caught, equivalent ones aside; None where there are none."""
        tried = [proof for proof in self.of("mutant") if not proof.detail.startswith("equivalent")]
        return sum(proof.holds for proof in tried) / len(tried) if tried else None

    def of(self, part: Part, function: str | None = None) -> list[Proof]:
        """The proofs of one part, of one function or of all."""
        return [proof for proof in self.proofs if proof.part == part and function in (None, proof.function)]


def verify(pipeline: Pipeline, *, seeds: int = DEFAULT_SEEDS) -> VerifyReport:
    """Tries everything and reports; CourseError where the unit's material does not hold together."""
    return report(pipeline, seeds, proofs(pipeline, seeds=seeds))


def report(pipeline: Pipeline, seeds: int, found: Iterator[Proof] | Sequence[Proof]) -> VerifyReport:
    """The report of proofs that were made one by one."""
    return VerifyReport(pipeline.unit.name, pipeline.unit.title, seeds, tuple(found))


def proofs(pipeline: Pipeline, *, seeds: int = DEFAULT_SEEDS) -> Iterator[Proof]:
    """Each proof as it is made; `count` tells how many will come."""
    unit = _Unit.of(pipeline)
    for function in pipeline.unit.functions:
        yield _solution(unit, function)
        yield _stub(unit, function)
        for example in unit.examples(function):
            yield _example(unit, function, example)
        yield from _misconceptions(unit, function)
        yield _told_apart(unit, function)
        for mutant in unit.mutants(function):
            yield _mutant(unit, function, mutant)
    before = _verdicts(unit) if seeds else {}
    for number in range(seeds):
        other = unit.under(number)
        yield _same_verdicts(number, before, _verdicts(other))


def count(pipeline: Pipeline, *, seeds: int = DEFAULT_SEEDS) -> int:
    """How many proofs there will be."""
    unit = _Unit.of(pipeline)
    of_functions = sum(
        3 + len(unit.examples(function)) + len(_entries(unit, function)) + len(unit.mutants(function))
        for function in pipeline.unit.functions
    )
    return of_functions + seeds


def encode(reports: Sequence[VerifyReport]) -> bytes:
    """The JSON of one or more reports, for continuous integration."""
    document = {
        "schema": SCHEMA,
        "holds": all(one.holds for one in reports),
        "units": [
            {
                "unit": one.unit,
                "title": one.title,
                "holds": one.holds,
                "seeds": one.seeds,
                "mutation_score": one.mutation_score,
                "proofs": one.proofs,
            }
            for one in reports
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


# ------------------------------------------------------------------------------------------------ the unit


@dataclass(frozen=True)
class Notebook:
    """A unit's notebook as a student with full marks hands it in."""

    unit: str
    functions: tuple[str, ...]  # the unit's own, and those that students bring
    cells: tuple[Cell, ...]

    @classmethod
    def solved(cls, course: Course, unit: Unit) -> Notebook:
        """The solution of a unit; CourseError where it cannot be read."""
        document = json.dumps(solution.solved(course, unit)).encode()
        functions = (*(function.name for function in unit.functions), *unit.brings)
        return cls(unit.name, functions, notebooks.code_cells(document))

    def submission(self) -> Submission:
        """It, handed in."""
        return collect.submission(self.unit, self.functions, self.cells, student=_STUDENT)

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
class _Unit:
    """A unit made ready to be tried."""

    pipeline: Pipeline
    notebook: Notebook

    @classmethod
    def of(cls, pipeline: Pipeline) -> _Unit:
        return cls(pipeline, Notebook.solved(pipeline.examiner.course, pipeline.unit))

    def under(self, number: int) -> _Unit:
        """The same under another secret."""
        key = hashlib.sha256(f"verify {number}".encode()).digest()
        examiner = replace(self.pipeline.examiner, secret=key)
        return replace(self, pipeline=replace(self.pipeline, examiner=examiner))

    def judged(self, function: Function, source: str) -> Judged:
        """One function with other code, beside the right ones of the solution."""
        submission = self.notebook.with_function(function.name, source)
        return self.pipeline.check(self.pipeline.examiner.attempt(submission, function))

    def verdict(self, function: Function, source: str) -> tuple[Judged, str]:
        """The same with what is found first: an id, or `right`, or `nothing`."""
        judged = self.judged(function, source)
        if judged.full_marks:
            return judged, "right"
        return judged, _first(self.pipeline.findings(judged).diagnoses)

    def examples(self, function: Function) -> tuple[Example, ...]:
        return material.examples(self.pipeline.examiner.material, function.name)

    def mutants(self, function: Function) -> list[Mutant]:
        return list(mutants.mutants(self.notebook.source(function.name), function.name))

    def drawn(self, function: Function) -> list[tuple[Case, Any]]:
        """The cases of both families that decide, explain ones first, with what is due."""
        examiner = self.pipeline.examiner
        cases: list[Case] = []
        for family in _FAMILIES:
            seed = secret.seed(examiner.secret, family, self.pipeline.unit.name, _STUDENT, function.name)
            cases += material.draw(examiner.material, function.name, family, seed)
        return [(case, material.expected(examiner.material, function.name, case)) for case in cases]


_FAMILIES: Final[tuple[secret.Family, ...]] = ("explain", "hidden")


# ---------------------------------------------------------------------------------- solution, stub, examples


def _solution(unit: _Unit, function: Function) -> Proof:
    judged, _ = unit.verdict(function, unit.notebook.source(function.name))
    lost = "; ".join(
        f"it fails “{check.name}” ({check.message})" if check.message else f"it fails “{check.name}”"
        for check in judged.checks
        if not check.passed
    )
    return Proof("solution", function.name, "the solution should earn full marks", judged.full_marks, lost)


def _stub(unit: _Unit, function: Function) -> Proof:
    stub = f"def {function.name}(*inputs):\n    raise NotImplementedError\n"
    judged, found = unit.verdict(function, stub)
    holds = judged.score == 0 and found == "general.not-implemented"
    detail = "" if holds else f"{counted(judged.score, 'point')}, {found}"
    return Proof("stub", function.name, "the stub should earn nothing and be called one", holds, detail)


def _example(unit: _Unit, function: Function, example: Example) -> Proof:
    judged, found = unit.verdict(function, example.source)
    detail = (
        ""
        if found == example.expect
        else f"found {found}, {judged.score:g} of {counted(function.points, 'point')}"
    )
    what = f"{example.expect}: {example.description}"
    return Proof("example", function.name, what, found == example.expect, detail)


# ------------------------------------------------------------------------------------------ misconceptions


def _entries(unit: _Unit, function: Function) -> tuple[Misconception, ...]:
    return unit.pipeline.examiner.material.misconceptions[function.name]


def _misconceptions(unit: _Unit, function: Function) -> Iterator[Proof]:
    """Every entry of the catalogue as if a student's function had its results."""
    drawn = unit.drawn(function)
    for number, misconception in enumerate(_entries(unit, function), 1):
        attempt = _as_if(unit, function, misconception.symptom, drawn)
        judged = unit.pipeline.check(attempt)
        findings = diagnose.diagnose(unit.pipeline.examiner, attempt)
        found = _first(findings.diagnoses)
        # Which of two with the same results it is, the source decides, and here there is none.
        named = found == misconception.id or bool(misconception.telltale)
        holds = named and not judged.full_marks
        detail = "" if holds else f"found {found}, {judged.score:g} of {counted(function.points, 'point')}"
        what = f"{misconception.id} loses marks and is named first"
        yield Proof("misconception", function.name, f"{what} ({number})", holds, detail)


def _as_if(
    unit: _Unit, function: Function, symptom: Callable[..., Any], drawn: Sequence[tuple[Case, Any]]
) -> Attempt:
    """An attempt with the results of a misconception."""
    trials = []
    for case, due in drawn:
        outcome = material.outcome(symptom, case)
        mismatch = compare(case, due, outcome, function.tolerance)
        trials.append(Trial(case, due, outcome, mismatch, changed_inputs(case, outcome)))
    half = len(trials) // 2
    run = Run([], defined=True)
    nothing = collect.submission(unit.notebook.unit, (), (), student=_STUDENT)  # no source, only results
    return Attempt(
        nothing, function, hidden=tuple(trials[half:]), explain=tuple(trials[:half]), again=(), run=run
    )


def _told_apart(unit: _Unit, function: Function) -> Proof:
    """Whether the inputs, or a word in the source, tell any two misconceptions apart."""
    drawn = unit.drawn(function)
    entries = _entries(unit, function)
    results: list[list[Outcome]] = [
        [material.outcome(entry.symptom, case) for case, _ in drawn] for entry in entries
    ]
    alike = []
    for (one, left), (other, right) in itertools.combinations(zip(entries, results, strict=True), 2):
        if one.id == other.id or one.edge != other.edge or one.telltale or other.telltale:
            continue
        if all(
            same_outcome(mine, theirs, function.tolerance)
            for (case, _), mine, theirs in zip(drawn, left, right, strict=True)
            if (case.kind == "ordinary") != one.edge
        ):
            alike.append(f"{one.id} and {other.id}")
    return Proof(
        "apart", function.name, "any two misconceptions should be told apart", not alike, "; ".join(alike)
    )


# ---------------------------------------------------------------------------------------------------- mutants


class _EquivalentMutant(msgspec.Struct, forbid_unknown_fields=True):
    function: str
    statement: str
    change: str
    reason: str


class _EquivalentFile(msgspec.Struct, forbid_unknown_fields=True):
    equivalent: list[_EquivalentMutant] = []


def equivalent(folder: Path) -> dict[tuple[str, str, str], str]:
    """The mutants of a unit that are no mistakes, with the reason; by function, statement and change.

    Raises CourseError where the file is not as it should be.
    """
    path = folder / EQUIVALENT
    if not path.is_file():
        return {}
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _EquivalentFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CourseError(f"{path}: {error}") from None
    return {(one.function, one.statement, one.change): one.reason for one in file.equivalent}


def _mutant(unit: _Unit, function: Function, mutant: Mutant) -> Proof:
    judged = unit.judged(function, mutant.source)
    known = equivalent(unit.pipeline.examiner.material.folder)
    reason = known.get((mutant.function, mutant.statement, mutant.change))
    what = f"in “{mutant.statement}”: {mutant.change}"
    if reason is not None:
        if judged.full_marks:
            return Proof("mutant", function.name, what, True, f"equivalent: {reason}")
        return Proof("mutant", function.name, what, False, f"caught, though {EQUIVALENT} lists it")
    if judged.full_marks:
        return Proof("mutant", function.name, what, False, "no check catches it")
    caught = [f"caught by “{check.name}”" for check in judged.checks if not check.passed]
    # Where checks ask for properties alone, it is the rule that nothing comes of nothing right.
    return Proof("mutant", function.name, what, True, (*caught, "no ordinary input comes out right")[0])


# ------------------------------------------------------------------------------------------------ other secrets

_Verdicts: TypeAlias = dict[tuple[str, str], tuple[float, str]]


def _verdicts(unit: _Unit) -> _Verdicts:
    """Score and first finding of every example, by function and description."""
    found: _Verdicts = {}
    for function in unit.pipeline.unit.functions:
        for example in unit.examples(function):
            if example.expect not in _NOT_AGAIN:
                judged, first = unit.verdict(function, example.source)
                found[function.name, f"{example.expect}: {example.description}"] = (judged.score, first)
    return found


def _same_verdicts(number: int, before: _Verdicts, now: _Verdicts) -> Proof:
    apart = [
        f"{function}, {example}: {counted(score, 'point')} and {first}, then {now[function, example][0]:g} and {now[function, example][1]}"
        for (function, example), (score, first) in before.items()
        if now[function, example] != (score, first)
    ]
    what = f"the same score and first finding of {len(before)} examples under secret {number + 1}"
    return Proof("seed", "", what, not apart, "; ".join(apart))


def _first(diagnoses: Sequence[Diagnosis]) -> str:
    return diagnoses[0].id if diagnoses else "nothing"

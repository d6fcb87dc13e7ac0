"""Proves a unit's graders before a student meets them, through the real worker and the real checks.

The lesson's cells run; the solution earns full marks and the stub none; every example of student code gets the marks and the finding it
should; every catalogued misconception loses marks and is named first, and the inputs tell any two of them apart;
every small change to the solution is caught; answers seen elsewhere earn nothing; and the same code earns the same
marks and the same first finding for every student. How many mistakes that nobody listed are named or placed is measured.
"""

from __future__ import annotations

import functools
import itertools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from autograder import celltext, nested
from autograder.authoring import documented, explained, nonsense, sameness
from autograder.authoring.explained import Explained
from autograder.authoring.mutants import Mutant
from autograder.authoring.proofs import Proof, VerifyReport
from autograder.authoring.rehearsal import DECISIVE, MAY_RAISE, Rehearsal
from autograder.checking.compare import held_against, same_outcome
from autograder.course import least, material, patience, secret
from autograder.course.corpus import Example
from autograder.course.steps import Misconception
from autograder.data import Value
from autograder.errors import CourseError
from autograder.explaining import diagnose
from autograder.grading.pipeline import Pipeline
from autograder.records import Asks, Case, Function, Outcome, Raised, Returned
from autograder.sandbox import worker
from autograder.words import counted, in_short, listed

EQUIVALENT: Final = "equivalent_mutants.toml"


def verify(
    pipeline: Pipeline,
    *,
    students: int = sameness.STUDENTS,
    edits: int = sameness.EDITS,
    mistakes: int = explained.MISTAKES,
) -> VerifyReport:
    """Tries everything and reports; CourseError where the unit's material does not hold together."""
    found = proofs(pipeline, students=students, edits=edits)
    return report(pipeline, students, found, measured(pipeline, mistakes))


def report(
    pipeline: Pipeline,
    students: int,
    found: Iterator[Proof] | Sequence[Proof],
    told: Iterator[Explained] | Sequence[Explained] = (),
) -> VerifyReport:
    """The report of proofs that were made one by one, and of mistakes that were told."""
    return VerifyReport(pipeline.unit.name, pipeline.unit.title, students, tuple(found), tuple(told))


def measured(pipeline: Pipeline, mistakes: int) -> Iterator[Explained]:
    """What is told of as many machine-made mistakes in each function, one by one."""
    unit = Rehearsal.of(pipeline)
    for function in pipeline.unit.functions:
        yield from explained.mistakes(unit, function, mistakes)


def proofs(
    pipeline: Pipeline, *, students: int = sameness.STUDENTS, edits: int = sameness.EDITS
) -> Iterator[Proof]:
    """Each proof as it is made; `count` tells how many will come. CourseError as `verify` raises it."""
    unit = Rehearsal.of(pipeline)
    _refuse_stale(unit)
    names = [f"student {number}" for number in range(1, students + 1)]
    yield lesson(unit)
    for function in pipeline.unit.functions:
        yield _solution(unit, function)
        yield documented.proof(unit, function)
        yield _stub(unit, function)
        yield nonsense.proof(unit, function)
        for example in unit.examples(function):
            yield _example(unit, function, example)
        yield from _misconceptions(unit, function)
        yield _told_apart(unit, function)
        for mutant in unit.mutants(function):
            yield _mutant(unit, function, mutant)
        yield _copied(unit, function)
        for place, program in enumerate(sameness.programs(unit, function, edits) if names else ()):
            yield sameness.proof(unit, function, program, place, names)


def count(pipeline: Pipeline, *, students: int = sameness.STUDENTS, edits: int = sameness.EDITS) -> int:
    """How many proofs there will be."""
    unit = Rehearsal.of(pipeline)
    return 1 + sum(
        6
        + len(unit.examples(function))
        + len(_entries(unit, function))
        + len(unit.mutants(function))
        + (len(sameness.programs(unit, function, edits)) if students else 0)
        for function in pipeline.unit.functions
    )


# -------------------------------------------------------------------------- lesson, solution, stub, examples


def lesson(unit: Rehearsal) -> Proof:
    """Whether the lesson's own cells run beside its solutions, all of them, as no grading runs what came with a notebook."""
    cells, name = unit.notebook.cells, unit.pipeline.unit.functions[0].name
    modules = material.modules(unit.pipeline.examiner.material)
    run = worker.run(
        unit.pipeline.examiner.start,
        worker.Request(name, [(cell, False) for cell in cells], [], modules=modules),
    )
    # What comes after a cell that takes longer than student code may, may lack what that one makes.
    found = [
        index
        for index in sorted(run.failed)
        if index not in unit.notebook.may_raise and all(index < late for late in run.left_out)
    ]
    what = "the lesson's own cells should run beside its solutions"
    if not found or run.absent:  # what stands in for a module that is not here does nothing
        return Proof("lesson", "", what, True)
    raised = run.failed[found[0]]
    said = f"{celltext.named(cells, found[0])} raises {raised.exception}"
    more = f", and {counted(len(found) - 1, 'other')} too" if len(found) > 1 else ""
    tag = f' (tag it "{MAY_RAISE}" where it should)'
    said += f": {raised.message}" if raised.message else ""
    return Proof("lesson", "", what, False, f"{said}{more}{tag}")


def _solution(unit: Rehearsal, function: Function) -> Proof:
    judged = unit.judged(function, unit.notebook.source(function.name))
    lost = "; ".join(
        f"it fails “{check.name}” ({check.message})" if check.message else f"it fails “{check.name}”"
        for check in judged.checks
        if not check.passed
    )
    return Proof("solution", function.name, "the solution should earn full marks", judged.full_marks, lost)


_STUBS: Final[Mapping[Asks, str]] = {
    "result": "def {}(*inputs):\n    raise NotImplementedError\n",
    "script": "class {}:\n    def __init__(self, *inputs):\n        raise NotImplementedError\n",
    "variable": "{} = ...\n",
}


def _stub(unit: Rehearsal, function: Function) -> Proof:
    asks = material.asks(unit.pipeline.examiner.material, function.name)
    stub = _STUBS.get(asks, _STUBS["result"]).format(function.name)
    verdict = unit.verdict(function, stub)
    holds = verdict.score == 0 and verdict.found == "general.not-implemented"
    detail = "" if holds else f"{counted(verdict.score, 'point')}, {verdict.found}"
    return Proof("stub", function.name, "the stub should earn nothing and be called one", holds, detail)


def _example(unit: Rehearsal, function: Function, example: Example) -> Proof:
    verdict = unit.verdict(function, example.source)
    holds = verdict.found == example.expect
    detail = (
        ""
        if holds
        else f"found {verdict.found}, {in_short(verdict.score)} of {counted(function.points, 'point')}"
    )
    return Proof("example", function.name, f"{example.expect}: {example.description}", holds, detail)


# ------------------------------------------------------------------------------------------ misconceptions


def _entries(unit: Rehearsal, function: Function) -> tuple[Misconception, ...]:
    return unit.pipeline.examiner.material.misconceptions[function.name]


def _misconceptions(unit: Rehearsal, function: Function) -> Iterator[Proof]:
    """Every entry of the catalogue as if a student's function had its results."""
    folder = unit.pipeline.examiner.material.folder
    for number, misconception in enumerate(_entries(unit, function), 1):
        with patience.within(f"{folder / 'misconceptions.py'}: {misconception.id!r} is tried"):
            attempt = unit.as_if(function, functools.partial(material.outcome, misconception.symptom))
        judged = unit.pipeline.check(attempt)
        findings = diagnose.diagnose(unit.pipeline.examiner, attempt)
        found = findings.diagnoses[0].id if findings.diagnoses else "nothing"
        # Which of two with the same results it is, the source decides, and here there is none.
        named = found == misconception.id or bool(misconception.telltale)
        holds = named and not judged.full_marks
        detail = (
            "" if holds else f"found {found}, {in_short(judged.score)} of {counted(function.points, 'point')}"
        )
        what = f"{misconception.id} loses marks and is named first"
        yield Proof("misconception", function.name, f"{what} ({number})", holds, detail)


def _told_apart(unit: Rehearsal, function: Function) -> Proof:
    """Whether the inputs, or a word in the source, tell any two misconceptions apart."""
    drawn = [pair for family in DECISIVE for pair in unit.drawn(function, family)]
    entries = _entries(unit, function)
    results: list[list[Outcome]] = [
        [
            held_against(case, due, material.outcome(entry.symptom, case), function.tolerance)
            for case, due in drawn
        ]
        for entry in entries
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


def _refuse_stale(unit: Rehearsal) -> None:
    """CourseError where an equivalent mutant is listed that is none of the solution's small changes, any more or at all."""
    folder = unit.pipeline.examiner.material.folder
    listed = equivalent(folder)
    if not listed:
        return
    there = {
        (one.function, one.statement, one.change)
        for function in unit.pipeline.unit.functions
        for one in unit.mutants(function)
    }
    for function, statement, change in sorted(listed.keys() - there):
        raise CourseError(
            f"{folder / EQUIVALENT}: the solution of {function!r} has no small change “{change}” in “{statement}” any more: take"
            " the entry out, or write both as `autograder verify` does"
        )


def _mutant(unit: Rehearsal, function: Function, mutant: Mutant) -> Proof:
    judged = unit.judged(function, mutant.source)
    known = equivalent(unit.pipeline.examiner.material.folder)
    reason = known.get((mutant.function, mutant.statement, mutant.change))
    what = f"in “{mutant.statement}”: {mutant.change}"
    if reason is not None:
        if judged.full_marks:
            return Proof("mutant", function.name, what, True, f"equivalent: {reason}")
        return Proof("mutant", function.name, what, False, f"caught, though {EQUIVALENT} lists it")
    if judged.full_marks:
        own = unit.pipeline.examiner.material
        if own.lesson is not None and least.gives_the_same(own.lesson, function.name, mutant.source):
            reason = "it gives the same on all inputs of the sizes that the lesson says"
            return Proof("mutant", function.name, what, True, f"equivalent: {reason}")
        return Proof(
            "mutant", function.name, what, False, f"no check catches it (line {mutant.line} of its cell)"
        )
    caught = [f"caught by “{check.name}”" for check in judged.checks if not check.passed]
    # Where checks ask for properties alone, it is the rule that nothing comes of nothing right.
    return Proof("mutant", function.name, what, True, (*caught, "no ordinary input comes out right")[0])


# ------------------------------------------------------------------------------------------ answers seen elsewhere


_DRAW: Final = "draw more of what these are called with from `rng`"
_MIX: Final = "one answer, always given, passes these: let each look at cases with different answers (CHECKS in inputs.py)"


def _copied(unit: Rehearsal, function: Function) -> Proof:
    """Whether answers of the visible checks and of the pages earn nothing, handed in by the sizes of the inputs."""
    what = "answers seen elsewhere, handed in by the sizes of the inputs, should earn nothing"
    if not any(case.args for case, _ in unit.drawn(function, "hidden")):
        return Proof("copied", function.name, what, True, "it takes no inputs, so there is one answer")
    earned: list[str] = []
    remedies: dict[str, None] = {}
    places: dict[secret.Family, str] = {"public": "the visible checks", "explain": "the pages"}
    for family, place in places.items():
        seen = {_sizes(case): due for case, due in unit.drawn(function, family) if not case.raises}
        judged = unit.pipeline.check(unit.as_if(function, functools.partial(_remembered, seen)))
        if judged.score:
            passed = listed([f"“{check.name}”" for check in judged.checks if check.passed])
            earned.append(f"those of {place} earn {counted(judged.score, 'point')}, by {passed}")
            # By sizes, cases with a number or two are all alike, so that it was one answer that passed.
            remedies[_DRAW if len(seen) > 1 else _MIX] = None
    earned += remedies
    return Proof("copied", function.name, what, not earned, "; ".join(earned))


def _remembered(seen: Mapping[tuple[Any, ...], Value], case: Case) -> Outcome:
    return Returned(seen[_sizes(case)], case.args) if _sizes(case) in seen else Raised("KeyError")


def _sizes(case: Case) -> tuple[Any, ...]:
    return tuple(
        nested.shape(argument) or (None if nested.is_number(argument) else argument) for argument in case.args
    )

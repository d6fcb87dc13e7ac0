"""An adopted unit proven: solution, stub and a wrong version earn in the kit what they earn under nbgrader itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from autograder.adopted.papers import Assignment, Sitting
from autograder.authoring import adoption, handouts, trial
from autograder.authoring.altered import altered
from autograder.authoring.original import Marks, Original
from autograder.authoring.proofs import Part, Proof, VerifyReport
from autograder.records import Course, Function, Unit
from autograder.words import in_full

# Of the work that is graded; what each of them does to the author's answers.
VERSIONS: Final[tuple[Part, ...]] = ("solution", "stub", "wrong")


def count(course: Course, unit: Unit) -> int:
    """How often `report` calls back."""
    return len(VERSIONS) * len(handouts.read(course, unit).papers) + 1


def report(course: Course, unit: Unit, done: Callable[[], None] = lambda: None) -> VerifyReport:
    """Every mark of every version held against nbgrader's; `done` is called as it goes on.

    CourseError where nbgrader refuses the assignment or fails at grading it.
    """
    assignment = handouts.read(course, unit)
    with Original(assignment, course.root) as nbgraders:
        works: dict[str, dict[str, dict[str, Any]]] = {
            version: nbgraders.work(answers) for version, answers in _answers(assignment).items()
        }
        theirs = nbgraders.graded(works)
    done()
    ours = trial.sittings(course, assignment, works, done)
    proofs = tuple(
        _proof(assignment, function, version, theirs[version], ours[version])
        for function in unit.functions
        for version in VERSIONS
    )
    return VerifyReport(unit.name, unit.title, 0, proofs)


def _answers(assignment: Assignment) -> dict[Part, dict[str, dict[str, str]]]:
    """What each version has in the place of what students are given, by notebook and grade_id."""
    solved = adoption.solved(assignment)
    wrong = {
        paper.name: {cell.grade_id: altered(cell.source) for cell in paper.cells if cell.kind == "solution"}
        for paper in assignment.papers
    }
    return {"solution": solved, "stub": {}, "wrong": wrong}


def _proof(
    assignment: Assignment, function: Function, version: Part, theirs: Marks, ours: Mapping[str, Sitting]
) -> Proof:
    earned = {
        f"{notebook}/{verdict.grade_id}" if len(assignment.papers) > 1 else verdict.grade_id: verdict
        for notebook, sitting in ours.items()
        for verdict in sitting.verdicts
    }
    due, verdict = theirs.scores.get(function.name), earned.get(function.name)
    holds = due is not None and verdict is not None and math.isclose(due, verdict.score, abs_tol=1e-9)
    given = "no mark" if due is None else in_full(due)
    if holds:
        return Proof(version, function.name, _WHAT, holds=True, detail=given)
    got = "no mark" if verdict is None else in_full(verdict.score)
    detail = f"nbgrader gives {given}, and the kit {got}"
    if verdict is not None and verdict.failure is not None:
        detail += f" ({verdict.failure.exception}: {verdict.failure.message})"
    elif function.name in theirs.failures:
        detail += f" ({theirs.failures[function.name]})"
    return Proof(version, function.name, _WHAT, holds=False, detail=" ".join(detail.split()))


_WHAT: Final = "it should earn what nbgrader gives it"

"""The instructor's solution as the reference of an adopted notebook: its steps, for the functions that tests call.

A function is explained by it where visible test cells call it with plain values, and the solution gives plain values for
them. It is tried on these inputs and on others like them, none of which is a hidden one. Nothing of it decides marks, and
what cannot be explained so is left to what the tests compared.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from autograder import celltext
from autograder.adopted import likes
from autograder.adopted.papers import Asked, Paper, Sitting, Step
from autograder.adopted.subject import called
from autograder.checking.attempt import Attempt, Examiner
from autograder.child import given, questions
from autograder.course import derived, drawing, material
from autograder.course.least import DrawCases
from autograder.course.lesson import Lesson
from autograder.course.material import Material
from autograder.course.steps import Procedure
from autograder.course.subject import plain
from autograder.errors import AutograderError, CourseError
from autograder.explaining import diagnose, mending
from autograder.explaining.general import finding
from autograder.notebook import definitions, syntax
from autograder.records import (
    Case,
    Cell,
    Course,
    Diagnosis,
    Died,
    Explanation,
    Function,
    Raised,
    Returned,
    Submission,
    Tested,
    Tolerance,
    Unit,
)
from autograder.sandbox.worker import Run, Start
from autograder.words import listed

_MOST_CASES: Final = 6  # of the calls of tests
_LIKE_THEM: Final = 4  # more, drawn like them
_TRIED: Final = 40  # draws for these
_ENOUGH: Final = 2  # arguments from which steps are derived
# With any other, the course's own, as nothing of it is graded: none of these inputs has to be kept from anyone.
_SEED: Final = b"explained"
# What needs more than a process that has nothing beside it.
_OUTSIDE: Final = frozenset({"input", "open", "plt", "requests", "urlopen", "get_ipython", "exit", "quit"})


@dataclass(frozen=True)
class Shown:
    """What the steps of the solution tell of a function that does not do what it does."""

    diagnoses: tuple[Diagnosis, ...]  # none: no mistake is known that gives these results
    explanation: Explanation | None
    note: str = ""


@dataclass(frozen=True)
class Stepwise:
    """The functions of one notebook that the solution explains."""

    course: Course
    unit: Unit  # with these functions alone
    material: Material

    @classmethod
    def open(cls, course: Course, unit: Unit, paper: Paper, solved: Sitting) -> Stepwise | None:
        """Those of a notebook, `solved` being what came of the instructor's own solution with all that was asked.

        None where no function can be explained so.
        """
        calls = _calls(paper, solved)
        names = tuple(name for name in calls if _is_function(paper, name))
        with suppress(CourseError), _unheard():
            lesson = Lesson.of(paper.path, _text(paper), names)
            made = {
                name: found for name in names if (found := _exercise(lesson, name, calls[name])) is not None
            }
            if made:
                own = tuple(Function(name, 1.0, Tolerance()) for name in made)
                built = Material(
                    unit=unit.name,
                    folder=paper.path.parent,
                    procedures={name: procedure for name, (procedure, _) in made.items()},
                    cases={name: _drawing(cases) for name, (_, cases) in made.items()},
                    misconceptions=dict.fromkeys(made, ()),
                    graders=paper.path,
                    examples=paper.path.parent,
                    digest="",
                    derived=frozenset(made),
                    lesson=lesson,
                )
                return cls(course, replace(unit, functions=own, brings=()), built)
        return None

    def look(self, steps: Sequence[Step], sitting: Sitting, start: Start) -> Looking:
        """What it tells of one submission, once it is asked for; `start` makes a child."""
        examiner = Examiner(
            course=self.course,
            unit=self.unit,
            material=self.material,
            secret=_SEED,
            start=start,
            procedures=self.material.procedures,
            handout=frozenset(),
            homes=dict.fromkeys(self.material.procedures, self.material),
            tries_edits=True,
        )
        cells = tuple(Cell(step.index, step.source) for step in steps if step.kind != "test")
        submission = definitions.submission(self.unit.name, list(self.material.procedures), cells)
        run = Run([], left_out=dict(sitting.left_out))
        return Looking(examiner, submission, run)


@dataclass(frozen=True)
class Looking:
    """One submission, function by function."""

    examiner: Examiner
    submission: Submission
    run: Run
    _tried: dict[str, Attempt] = field(default_factory=dict)
    _told: dict[str, Shown | None] = field(default_factory=dict)

    def at(self, name: str) -> Shown | None:
        """What is told of a function; None where it does what the solution does, or cannot be held against it."""
        if name not in self._told:
            try:
                with _unheard():
                    self._told[name] = self._look(name)
            except AutograderError:  # what decorates must not cost what is known without it
                self._told[name] = None
        return self._told[name]

    def _look(self, name: str) -> Shown | None:
        known = self.submission.definitions.get(name)
        if known is None or known.cell is None or known.unwritten or self._is_right(name):
            return None
        wrong = self._wrong_below(name)
        if wrong:
            return _carried(name, wrong)
        found = diagnose.diagnose(self.examiner, self._attempt(name))
        return Shown(found.diagnoses, _as_tested(name, found.explanation))

    def _is_right(self, name: str) -> bool:
        attempt = self._attempt(name)
        return all(trial.mismatch is None for trial in attempt.explain)

    def _attempt(self, name: str) -> Attempt:
        if name not in self._tried:
            function = next(one for one in self.examiner.unit.functions if one.name == name)
            self._tried[name] = self.examiner.explain(
                Attempt(self.submission, function, (), (), (), self.run)
            )
        return self._tried[name]

    def _wrong_below(self, name: str) -> tuple[str, ...]:
        """The functions that it calls and that are not right, where with right ones in their place it is."""
        mentioned = _mentioned(self.submission, name)
        below = [one for one in self.examiner.material.procedures if one in mentioned and one != name]
        wrong = [one for one in below if not self._is_right(one)]
        if not wrong:
            return ()
        function = self._attempt(name).function
        helped = self.examiner.attempt(self.submission, function, wrong, self.run.left_out)
        is_right = all(trial.mismatch is None for trial in helped.hidden)
        return tuple(sorted(helped.run.asked)) if is_right else ()


def is_of(explanation: Explanation, arguments: Sequence[Any]) -> bool:
    """Whether an explanation is about a call with these arguments."""
    return _key(tuple(value for _, value in explanation.inputs)) == _key(tuple(arguments))


def _carried(name: str, wrong: Sequence[str]) -> Shown:
    """A function that is right but for what it calls."""
    names = listed([f"`{one}`" for one in wrong])
    its = "it" if len(wrong) == 1 else "them"
    told = finding("follows", title=f"`{name}` would be right with a right {names}")
    return Shown((told,), None, f"It is right but for {names}: put {its} right first.")


def _as_tested(name: str, explanation: Explanation | None) -> Explanation | None:
    """An explanation as one of a call that a test makes, or of one like it."""
    if explanation is None:
        return None
    known = explanation.observations
    if not explanation.worked:  # of steps that are not there
        known = tuple(one for one in known if one not in mending.RETHINK)
    return replace(explanation, tested=Tested("", explanation.case, name), observations=known)


def _mentioned(submission: Submission, name: str) -> frozenset[str]:
    """The names that a function's own code reads."""
    node = submission.definitions[name].node
    nodes = ast.walk(node) if node is not None else ()
    return frozenset(one.id for one in nodes if isinstance(one, ast.Name))


# ----------------------------------------------------------------------------------------------- of the instructor's


def _unheard() -> AbstractContextManager[object]:
    """While the solution runs on this side: what it prints is none of a grader's."""
    return redirect_stdout(io.StringIO())


def _text(paper: Paper) -> str:
    """The instructor's cells as one module."""
    texts = [celltext.plain(cell.source) for cell in paper.cells if cell.is_code and cell.kind != "test"]
    return "\n\n".join(text for text in texts if syntax.tree(text) is not None)


def _is_function(paper: Paper, name: str) -> bool:
    """Whether a solution defines a function of this name, which needs nothing but its arguments."""
    cells = [
        Cell(cell.index, cell.source) for cell in paper.cells if cell.is_code and cell.kind == "solution"
    ]
    node = syntax.definition(cells, name).node
    if not isinstance(node, ast.FunctionDef):
        return False
    return not any(isinstance(one, ast.Name) and one.id in _OUTSIDE for one in ast.walk(node))


def _calls(paper: Paper, solved: Sitting) -> Mapping[str, list[Asked]]:
    """What visible lines of tests call with plain values, by function."""
    visible = {cell.grade_id for cell in paper.cells if cell.kind == "test"}
    found: dict[str, list[Asked]] = {}
    for verdict in solved.verdicts:
        for asked in verdict.asked if verdict.grade_id in visible else ():
            plain_call = not asked.hidden and asked.said.endswith(")") and likes.is_plain(asked.arguments)
            if plain_call and not asked.keywords and asked.name.isidentifier():
                found.setdefault(asked.name, []).append(asked)
    return found


def _exercise(lesson: Lesson, name: str, calls: Sequence[Asked]) -> tuple[Procedure, tuple[Case, ...]] | None:
    """A function with the inputs on which it is explained; None where the solution cannot be held against them."""
    function = lesson.names.get(name)
    if not callable(function):
        return None
    cases: dict[bytes, Case] = {}
    for asked in calls:
        key = _key(asked.arguments)
        if key in cases:
            continue
        said = named(asked, sum(one.name.startswith(called(asked)) for one in cases.values()))
        case = Case(said, asked.arguments, vary=drawing.as_they_are)
        if isinstance(asked.outcome, Raised):
            case = replace(case, kind="unknown-word", raises=(asked.outcome.exception,))
        if not isinstance(asked.outcome, Died):
            cases[key] = case
    kept = [*cases.values()][:_MOST_CASES]
    ordinary = [case.args for case in kept if not case.raises]
    answers = [asked.outcome.value for asked in calls if isinstance(asked.outcome, Returned)]
    if not ordinary or not any(answer is not None for answer in answers):
        return None  # what only prints, draws or changes something is not seen by what it returns
    reference = _reference(lesson, name, [tuple(map(given.own, args)) for args in ordinary[:_ENOUGH]])
    if reference is None or reference.by_chance or any(_is_fleeting(reference, case) for case in kept):
        return None
    return reference, (*kept, *_like(reference, ordinary, cases))


def named(asked: Asked, before: int = 0) -> str:
    """What a case is called that a test has: its call; `before` are those that are called so already."""
    said = " ".join(called(asked).split())
    return f"{said}, {before + 1}" if before else said


def _reference(lesson: Lesson, name: str, samples: Sequence[tuple[Any, ...]]) -> Procedure | None:
    """The solution as steps, or as it is."""
    try:
        steps = derived.derive(lesson, name, samples)
        return steps if steps is not None else plain(lesson.names[name])
    except (CourseError, ValueError):  # some functions have no signature
        return None


def _is_fleeting(reference: Procedure, case: Case) -> bool:
    """Whether the solution does not give the same plain value twice for a case, whatever chance does."""
    again = replace(case, name=f"{case.name} again")  # by which generators are set otherwise
    one, other = (material.outcome(reference, one) for one in (case, again))
    if case.raises:
        return not isinstance(one, Raised) or one.exception not in case.raises
    if not isinstance(one, Returned) or not isinstance(other, Returned) or not likes.is_plain((one.value,)):
        return True
    return _key(one.value) != _key(other.value)


def _key(value: Any) -> bytes:
    return b"\0".join(questions.canonical(value))


def _like(
    reference: Procedure, ordinary: Sequence[tuple[Any, ...]], known: Mapping[bytes, Case]
) -> tuple[Case, ...]:
    """More cases, of which the solution makes something as well."""
    rng = np.random.default_rng(0)
    found: dict[bytes, Case] = {}
    for _ in range(_TRIED):
        if len(found) == _LIKE_THEM:
            break
        args = likes.other(rng, ordinary)
        key = _key(args)
        case = Case(f"an input like these, {len(found) + 1}", args, vary=drawing.as_they_are)
        if key not in known and key not in found and not _is_fleeting(reference, case):
            found[key] = case
    return tuple(found.values())


def _drawing(cases: tuple[Case, ...]) -> DrawCases:
    """The same cases whatever is drawn."""
    return lambda rng: cases

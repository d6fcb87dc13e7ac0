"""What a unit leaves to the kit: a reference from the solution in its lesson, and inputs from the sizes beside it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np

from autograder.child import given
from autograder.course import asking, declared, derived, patience, shapes, told
from autograder.course.lesson import Lesson
from autograder.course.shapes import Shape
from autograder.course.steps import Procedure
from autograder.course.subject import plain
from autograder.course.told import Told
from autograder.errors import CourseError
from autograder.records import Case

_ENOUGH: Final = 2  # samples for steps, of which every case is a test later on
_TRIED: Final = 5  # times all kinds of inputs, to see whether a change changes nothing

DrawCases: TypeAlias = Callable[[np.random.Generator], tuple[Case, ...]]  # the structures of one family
WrittenCases: TypeAlias = Callable[..., Iterable[Case]]  # of a generator, and of the reference if it asks


@dataclass(frozen=True)
class Exercise:
    """One exercise, whatever of it is written and whatever derived."""

    reference: Procedure
    cases: DrawCases
    derived: bool  # whether the reference comes of the lesson
    samples: Sequence[tuple[Any, ...]] = field(
        default=(), repr=False
    )  # arguments, as the author's own code has them
    axes: Mapping[str, Sequence[str]] = field(default_factory=dict)


def exercise(
    lesson: Lesson,
    name: str,
    reference: Procedure | Callable[..., Any] | None,
    written: WrittenCases | None,
    words: Mapping[str, Told] = MappingProxyType({}),
) -> Exercise:
    """The exercise `name` of a lesson, with the reference and the cases that are written for it, if any.

    A function as reference, in reference.py, is told as steps in the place of the solution; `words` are those for its
    steps. CourseError where nothing says with what it is called, there is no solution of it, or it has no such steps.
    """
    with patience.within(f"{name!r} is called to see its steps"):
        return _exercise(lesson, name, reference, written, words)


def _exercise(
    lesson: Lesson,
    name: str,
    reference: Procedure | Callable[..., Any] | None,
    written: WrittenCases | None,
    words: Mapping[str, Told],
) -> Exercise:
    said = shapes.of_function(lesson, name)
    if said is None and written is None:
        raise _nothing_said(lesson, name)
    axes = declared.axes(said or ())
    samples = [] if said is None else declared.samples(said)
    of_lesson = reference is None
    if not isinstance(reference, Procedure):
        of = lesson if of_lesson else Lesson.read(lesson.file.with_name("reference.py"), (name,))
        if written is not None and isinstance(of.written(name), ast.FunctionDef):
            samples += _samples(written, plain(of.names[name]))
        reference = _reference(of, name, samples, axes)
    reference = told.laid_over(reference, words, lesson.file)
    return Exercise(reference, cases(name, reference, written, said), of_lesson, samples, axes)


def _reference(
    lesson: Lesson, name: str, samples: Sequence[tuple[Any, ...]], axes: Mapping[str, Sequence[str]]
) -> Procedure:
    node = lesson.written(name)
    steps = derived.derive(lesson, name, samples, axes) if isinstance(node, ast.FunctionDef) else None
    return plain(lesson.names[name]) if steps is None else steps


def refuse_other_results(lesson: Lesson, name: str, reference: Procedure, cases: Sequence[Case]) -> None:
    """CourseError where the steps of a solution give something else than the solution itself, on one of these cases."""
    if not reference.steps:
        return
    for case in cases:
        args = tuple(map(given.own, case.args))
        if not derived.same(reference, lesson.names[name], args, near=derived.LAST_DIGITS):
            raise lesson.refuse(
                lesson.written(name),
                f"the steps of {name!r} give something else than {name!r} itself on the case “{case.name}”: write it"
                " without changes in place, or its steps in reference.py",
            )


def gives_the_same(lesson: Lesson, name: str, source: str) -> bool:
    """Whether a changed solution, the source of its cell, gives the same on many inputs of the sizes that the lesson says.

    Only of what surely ends, because it runs here. False where nothing is said.
    """
    said = shapes.of_function(lesson, name)
    if said is None or any(map(_may_not_end, ast.walk(ast.parse(source)))):
        return False
    names = dict(lesson.names)
    try:
        with patience.within("a changed solution is called"):
            exec(compile(source, "<changed>", "exec"), names)
            samples = declared.more(said, _TRIED)
            return all(derived.same(names[name], lesson.names[name], sample) for sample in samples)
    except Exception:  # of its own, or as it does not end
        return False


def _may_not_end(node: ast.AST) -> bool:
    """Whether it is a loop whose rounds are not counted before it begins."""
    return isinstance(node, ast.While) or (
        isinstance(node, ast.For) and not isinstance(node.iter, ast.Call | ast.Subscript | ast.List)
    )


def _asked(written: WrittenCases, rng: np.random.Generator, reference: Procedure) -> Iterable[Case]:
    """The cases that are written, drawn by the reference where their function asks for it."""
    try:
        asks = len(inspect.signature(written).parameters) > 1
    except ValueError:  # which some of Python's own functions have none of
        asks = False
    return written(rng, reference) if asks else written(rng)


def _samples(written: WrittenCases, reference: Procedure) -> list[tuple[Any, ...]]:
    """Ordinary arguments of the cases that are written, none where they cannot be drawn: that is told elsewhere.

    Where they come one by one, no more of them are drawn than needed.
    """
    found: list[tuple[Any, ...]] = []
    try:
        cases = _asked(written, np.random.default_rng(0), reference)
        for case in cases:
            if case.kind == "ordinary" and case.asks == "result":
                found.append(tuple(map(given.own, case.args)))
            if len(found) == _ENOUGH and isinstance(cases, Iterator):
                break
    except Exception:
        return []
    return found


def cases(
    name: str,
    reference: Procedure,
    written: WrittenCases | None,
    said: tuple[Shape, ...] | None = None,
) -> DrawCases:
    """The cases of an exercise: those that the kit draws by what is `said`, and those that are written."""

    def both(rng: np.random.Generator) -> tuple[Case, ...]:
        own = () if written is None else asking.listed(_asked(written, rng, reference))
        drawn = () if said is None else declared.cases(said, reference, rng)
        for case in drawn:
            if any(one.name == case.name for one in own):
                raise ValueError(
                    f"two cases of {name!r} are called “{case.name}”: the kit draws one of this name"
                )
        return (*drawn, *own)

    return both


def _nothing_said(lesson: Lesson, name: str) -> CourseError:
    node = lesson.written(name)
    if not isinstance(node, ast.FunctionDef):
        return CourseError(
            f"{lesson.file}: nothing says what {name!r} is asked: write its cases in inputs.py, CASES[{name!r}]"
        )
    first = node.args.args[0].arg if node.args.args else "x"
    return lesson.refuse(
        node,
        f'nothing says with what {name!r} is called: write the sizes of its arguments, as in `def {name}({first}: "n d")`,'
        f" or cases in inputs.py, CASES[{name!r}]",
    )

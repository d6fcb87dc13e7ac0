"""Misconceptions as changes of a line or a step: the author writes what students write in its place, and words for it."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from autograder.course import patience
from autograder.course.derived import derive
from autograder.course.lesson import Lesson
from autograder.course.rewriting import compiled, names_in
from autograder.course.steps import Misconception, Procedure
from autograder.course.subject import Plain, plain
from autograder.errors import CourseError
from autograder.records import Case, Outcome

Change: TypeAlias = tuple[str, str]  # a piece of a line of the solution, and what stands there instead
Steps: TypeAlias = Mapping[str, str]  # by the name of a step, what is worked out there instead


@dataclass(frozen=True)
class Edit:
    """A catalogued mistake as the solution with other code in one line, in several at once, or in the place of steps."""

    id: str
    title: str
    changes: tuple[Change | Steps, ...]
    why: str
    look: str
    read: str
    of: str = ""  # the function whose line it is, where it is another that this one calls
    step: str | None = (
        ""  # the step that departs; empty: as it follows from what is changed; None: no one step
    )
    edge: bool = False
    fits: Callable[[Case, Outcome, bool], bool] | None = None
    telltale: str = ""
    elsewhere: str | None = ""
    off: str = ""
    question: str = ""

    def also(self, *changes: Change | Steps, **others: Any) -> tuple[Edit, ...]:
        """This one, and the same mistake made by each of these changes; `others` are fields in which those differ.

        What departs is the same step, where they name none.
        """
        first = self.changes[0] if self.changes else ()
        step = next(iter(first), "") if self.step == "" and isinstance(first, Mapping) else self.step
        return (
            self,
            *(replace(self, **{"changes": (change,), "step": step, **others}) for change in changes),
        )


def edit(
    id: str,
    title: str,
    *changes: Change | Steps,
    why: str,
    look: str,
    read: str,
    of: str = "",
    step: str | None = "",
    edge: bool = False,
    fits: Callable[[Case, Outcome, bool], bool] | None = None,
    telltale: str = "",
    elsewhere: str | None = "",
    off: str = "",
    question: str = "",
) -> Edit:
    """A misconception laid over the solution: `("axis=-1", "axis=0")` is what stands there, and what students write.

    Each such change stands once in the solution of the function, or of `of`; several are made at once. Or it is
    `{"row sum": "exponentials.sum(axis=0)"}`, what is worked out in the place of a step, in the names of parameters and
    of the steps before it: the first one named is the step that departs, where `step` names none. The other fields are those of `Misconception`.
    """
    return Edit(id, title, changes, why, look, read, of, step, edge, fits, telltale, elsewhere, off, question)


def misconception(
    edit: Edit,
    file: Path,
    lesson: Lesson,
    name: str,
    reference: Procedure,
    samples: Sequence[tuple[Any, ...]],
    axes: Mapping[str, Sequence[str]],
) -> Misconception:
    """The misconception of an edit, its symptom worked out; CourseError, with `file`, where it does not fit."""
    with patience.within(f"the mistake {edit.id!r} is tried"):
        try:
            if not edit.changes:
                raise CourseError('it changes nothing: give ("what stands there", "what students write")')
            lines = [one for one in edit.changes if isinstance(one, tuple)]
            if len(lines) == len(edit.changes):
                symptom, departs = _with_lines(edit, lines, lesson, name, reference, samples, axes)
            elif len(edit.changes) == 1 and isinstance(edit.changes[0], Mapping):
                symptom, departs = _with_steps(reference, edit.changes[0], lesson.names)
            else:
                raise CourseError(
                    "give changed lines, or one dictionary of steps; other ways to make the mistake go into .also(…)"
                )
        except CourseError as error:
            raise CourseError(f"{file}: {edit.id!r}: {error}") from None
    return Misconception(
        edit.id,
        edit.title,
        departs if edit.step == "" else edit.step,
        symptom,
        edit.why,
        edit.look,
        edit.read,
        edge=edit.edge,
        fits=edit.fits,
        telltale=edit.telltale,
        elsewhere=edit.elsewhere,
        off=edit.off,
        question=edit.question,
    )


def _with_steps(
    reference: Procedure, changes: Steps, names: Mapping[str, Any]
) -> tuple[Callable[..., Any], str | None]:
    """The reference with these steps worked out otherwise, and the first of them.

    CourseError where there is no such step or value.
    """
    changed = reference
    for name, text in changes.items():
        known = list(reference.parameters)
        for step in reference.steps:
            if step.name == name:
                break
            known.append(step.symbol)
        else:
            listed = ", ".join(repr(step.name) for step in reference.steps) or "none at all"
            raise CourseError(f"{reference.function!r} has no step {name!r}: it has {listed}")
        try:
            read, bound = _read(text)
        except SyntaxError as error:
            raise CourseError(f"{text!r}, for the step {name!r}, is no expression: {error.msg}") from None
        unknown = [one for one in read if one not in {*known, *bound, *names} and not hasattr(builtins, one)]
        if unknown:
            raise CourseError(
                f"{text!r}, for the step {name!r}, reads {unknown[0]!r}: what is known there is {', '.join(known)}"
            )
        operands = tuple(one for one in read if one in known and one not in bound)
        changed = changed.replacing(name, compiled(text, operands, names), operands=operands)
    return changed, next(iter(changes), None)


@functools.lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names that are read in an expression, and those that it binds itself; SyntaxError where it is none."""
    node = ast.parse(text, mode="eval").body
    bound = frozenset(
        one.arg if isinstance(one, ast.arg) else one.id
        for one in ast.walk(node)
        if isinstance(one, ast.arg) or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    )
    return names_in(node), bound


def _with_lines(
    edit: Edit,
    changes: Sequence[Change],
    lesson: Lesson,
    name: str,
    reference: Procedure,
    samples: Sequence[tuple[Any, ...]],
    axes: Mapping[str, Sequence[str]],
) -> tuple[Callable[..., Any], str | None]:
    """The solution with other lines, as steps where they are those of the reference, and the first that differs."""
    changed = lesson
    for before, after in changes:
        changed = changed.changed(edit.of or name, before, after)
    subject = changed.names[name]
    if not isinstance(reference, Plain):
        other = derive(changed, name, samples, axes)
        laid = None if other is None else _laid_over(reference, other)
        if laid is not None:
            return laid
    return subject if callable(subject) else plain(subject), None


def _laid_over(reference: Procedure, other: Procedure) -> tuple[Procedure, str] | None:
    """The reference with the steps in which the other differs, and the first of them; None where it has other steps."""
    if [step.symbol for step in other.steps] != [step.symbol for step in reference.steps]:
        return None
    if other.returns != reference.returns:
        return None
    changed, first = reference, ""
    for own, new in zip(reference.steps, other.steps, strict=True):
        if own.op != new.op or own.operands != new.operands:
            changed = changed.replacing(own.name, new.op, operands=new.operands)
            first = first or own.name
    return (changed, first) if first else None

"""Misconceptions as changes of a line: the author writes what students write in its place, and words for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from autograder.course.derived import derive
from autograder.course.lesson import Lesson
from autograder.course.steps import Misconception, Procedure
from autograder.course.subject import Plain, plain
from autograder.errors import CourseError

Change: TypeAlias = tuple[str, str]  # a piece of a line of the solution, and what stands there instead


@dataclass(frozen=True)
class Edit:
    """A catalogued mistake as the solution with other code in one line, or in several at once."""

    id: str
    title: str
    changes: tuple[Change, ...]
    why: str
    look: str
    read: str
    of: str = ""  # the function whose line it is, where it is another that this one calls
    step: str | None = None  # the step that departs, where it does not follow from the line
    edge: bool = False
    telltale: str = ""
    elsewhere: str | None = ""

    def also(self, *changes: Change, **others: Any) -> tuple[Edit, ...]:
        """This one, and the same mistake made by each of these changes; `others` are fields in which those differ."""
        return (self, *(replace(self, changes=(change,), **others) for change in changes))


def edit(
    id: str,
    title: str,
    *changes: Change,
    why: str,
    look: str,
    read: str,
    of: str = "",
    step: str | None = None,
    edge: bool = False,
    telltale: str = "",
    elsewhere: str | None = "",
) -> Edit:
    """A misconception laid over the solution: `("axis=-1", "axis=0")` is what stands there, and what students write.

    Each change stands once in the solution of the function, or of `of`; several are made at once. The other fields are
    those of `Misconception`.
    """
    return Edit(id, title, changes, why, look, read, of, step, edge, telltale, elsewhere)


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
    try:
        if not edit.changes:
            raise CourseError('it changes nothing: give ("what stands there", "what students write")')
        changed = lesson
        for before, after in edit.changes:
            changed = changed.changed(edit.of or name, before, after)
        subject = changed.names[name]
    except CourseError as error:
        raise CourseError(f"{file}: {edit.id!r}: {error}") from None
    symptom: Callable[..., Any] = subject if callable(subject) else plain(subject)
    step = edit.step
    if not isinstance(reference, Plain):
        other = derive(changed, name, samples, axes)
        laid = None if other is None else _laid_over(reference, other)
        if laid is not None:
            symptom, departs = laid
            step = step or departs
    return Misconception(
        edit.id,
        edit.title,
        step,
        symptom,
        edit.why,
        edit.look,
        edit.read,
        edge=edit.edge,
        telltale=edit.telltale,
        elsewhere=edit.elsewhere,
    )


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

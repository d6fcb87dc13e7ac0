"""What an author says of a step that is taken from the solution: its formula, and the arithmetic of a cell in words.

Most steps need neither. Where a formula of the paper, or words about words, say more, they stand in `reference.py`, by
the name of the step, and all else of the step stays as the solution has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.steps import Index, Procedure, Step, Values
from autograder.errors import CourseError


@dataclass(frozen=True)
class Told:
    """Words for one step; what is empty stays as it is derived."""

    formula: str = ""  # LaTeX
    plain: str = ""  # the same for a terminal
    cell: Callable[[Values, Index], str] | None = None


def told(formula: str = "", plain: str = "", cell: Callable[[Values, Index], str] | None = None) -> Told:
    """A formula in LaTeX, the same for a terminal, and what writes out the arithmetic behind a cell of the result."""
    return Told(formula, plain, cell)


def laid_over(procedure: Procedure, words: Mapping[str, Told], lesson: Path) -> Procedure:
    """The procedure with these words for its steps; CourseError where the solution in the lesson has no such step."""
    names = [step.name for step in procedure.steps]
    for name in words:
        if name not in names:
            raise CourseError(
                f"{lesson.with_name('reference.py')}: STEPS[{procedure.function!r}] has words for a step {name!r}: the"
                f" steps of its solution are {', '.join(names) or 'none'}"
            )
    steps = (_with_words(step, words[step.name]) if step.name in words else step for step in procedure.steps)
    return replace(procedure, steps=tuple(steps))


def _with_words(step: Step, words: Told) -> Step:
    return replace(
        step,
        formula=words.formula or step.formula,
        plain=words.plain or step.plain,
        cell=words.cell or step.cell,
    )

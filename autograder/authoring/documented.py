"""What the docstring of a solution promises with `>>>` is what the solution gives: students read it, and are graded by the other."""

from __future__ import annotations

import ast
import contextlib
import doctest
from collections.abc import Callable
from typing import Any, Final

from autograder.authoring.proofs import Proof
from autograder.authoring.rehearsal import Rehearsal
from autograder.course import patience
from autograder.course.lesson import Lesson
from autograder.errors import CourseError
from autograder.records import Function
from autograder.words import clipped

_MOST_SAID: Final = 200  # characters of what an example gives


def proof(unit: Rehearsal, function: Function) -> Proof:
    """Whether the examples in the docstring of one function or class come out, with the lesson's own names.

    A result is compared as Python writes it, as doctest does; blanks may be others, and `...` stands for anything.
    """
    what = "the examples in its docstring should come out"
    lesson = unit.pipeline.examiner.material.lesson or _lesson(unit, function)
    if lesson is None:
        return Proof("documented", function.name, what, True)
    node = lesson.written(function.name)
    docstring = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
    if docstring is None or ">>>" not in docstring:
        return Proof("documented", function.name, what, True)
    try:
        test = doctest.DocTestParser().get_doctest(
            docstring, dict(lesson.names), function.name, str(lesson.file), node.lineno
        )
    except ValueError as error:  # of doctest, about blanks
        return Proof("documented", function.name, what, False, clipped(str(error), _MOST_SAID))
    with patience.within(f"the docstring of {function.name!r} is tried"):
        wrong = _Trial().wrong(test)
    return Proof("documented", function.name, what, not wrong, "; ".join(wrong))


class _Trial(doctest.DocTestRunner):
    """Tries the examples of a docstring, and keeps what came of those that do not come out."""

    def __init__(self) -> None:
        super().__init__(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
        self._wrong: list[str] = []

    def wrong(self, test: doctest.DocTest) -> list[str]:
        """A sentence for each example that does not come out."""
        self.run(test, out=lambda text: None, clear_globs=False)
        return self._wrong

    def report_failure(
        self, out: Callable[[str], Any], test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        """An example gave something else."""
        self._keep(example, f"gives {_short(got)}")

    def report_unexpected_exception(
        self, out: Callable[[str], Any], test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        """An example raised: one that uses what the solutions do not need proves nothing."""
        kind, error, _ = exc_info
        if kind is not NameError:
            self._keep(example, f"raises {kind.__name__}: {_short(str(error))}")

    def _keep(self, example: doctest.Example, came: str) -> None:
        said = f", and the docstring says {_short(example.want)}" if example.want else ""
        self._wrong.append(f"`{_short(example.source)}` {came}{said}")


def _short(text: str) -> str:
    return clipped(" ".join(text.split()), _MOST_SAID)


def _lesson(unit: Rehearsal, function: Function) -> Lesson | None:
    """The lesson where nothing of it was needed; None where it cannot be read alone."""
    with contextlib.suppress(CourseError):
        folder = unit.pipeline.examiner.material.folder
        return Lesson.read(folder / f"{folder.name}.py", (function.name,))
    return None

"""What grades in one process: a sandbox and a pipeline of its own, opened once and kept for all that comes.

The same wherever the process runs: begun by `processes.py` on this machine, or by a cluster's worker on another. What it
needs is imported where it is opened: who only hands out work starts without it.
"""

from __future__ import annotations

import contextlib
import gc
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from autograder.errors import CourseError, UnreadableError
from autograder.records import Course, Level, Report, Unit

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.gradebook.autograded import Prepared
    from autograder.gradebook.released import Release
    from autograder.grading.opening import Grader, Reading
    from autograder.notebook.places import HandedIn

_PAGE_SECONDS: Final = 20.0  # of CPU time for a page, which takes some hundredths of one

Work: TypeAlias = "tuple[HandedIn, ...]"  # what one student handed in, or several of a group together


class Graded(msgspec.Struct, frozen=True):
    """One graded submission as it crosses processes and machines: JSON and HTML."""

    student: str
    result: bytes
    page: bytes
    prepared: tuple[
        Prepared, ...
    ] = ()  # for the gradebook, by notebooks; none where none was released to go by


class Station:
    """Grades submissions of one unit in this process, one after another. Not for threads."""

    def __init__(self, grader: Grader, unit: Unit, releases: Sequence[Release]) -> None:
        self._grader, self._unit, self._releases = grader, unit, releases

    @classmethod
    def open(
        cls, course: Course, unit: Unit, reading: Reading | None = None, *, processor: int | None = None
    ) -> Station:
        """Makes this process ready to grade: from here on it is deaf to Ctrl-C and ends with the one that began it.

        `reading` is for what does not lie where it was handed in; `processor`, the one on which it is to grade. Raises
        CourseError where the graders do not hold together, SandboxError where no sandbox can be had.
        """
        gc.disable()  # what is loaded here stays: to look through it for what may go takes a tenth of the time
        from multiprocessing.util import Finalize

        from autograder.child import lockin
        from autograder.grading import opening

        # So far it was held back: this process was started deaf to it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        lockin.die_with_parent()
        until_the_end = contextlib.ExitStack()
        Finalize(None, until_the_end.close, exitpriority=0)
        try:
            grader = until_the_end.enter_context(
                opening.opened(course, unit, reading or opening.AS_HANDED_IN, processor)
            )
        finally:
            gc.freeze()
            gc.enable()
        return cls(grader, unit, _releases(course, unit))

    @property
    def level(self) -> Level:
        """How well it locks student code in."""
        return self._grader.level

    @property
    def version(self) -> str:
        """What, beside the submission, decides a result."""
        return self._grader.version

    def grade(self, work: Work) -> tuple[Graded, ...]:
        """One piece of work; its report and page are made for everyone who has handed it in."""
        report = self._grader.grade(work[0])
        prepared = self._prepared(work[0], report)
        return tuple(graded(replace(report, student=one.student), prepared) for one in work)

    def _prepared(self, one: HandedIn, report: Report) -> tuple[Prepared, ...]:
        """What the gradebook takes from the notebooks, here where they have just been read."""
        from autograder.gradebook import autograded, results
        from autograder.notebook import places

        paths: Mapping[str, Path] = {}
        with contextlib.suppress(UnreadableError):
            paths = places.find_notebooks(one, self._unit) if self._releases else {}
        kept = results.as_kept(report)
        return tuple(autograded.prepare(one, kept, paths.get(one.name)) for one in self._releases)


def _releases(course: Course, unit: Unit) -> tuple[Release, ...]:
    """The released notebooks; none where they cannot be had, as who writes the gradebook will say."""
    from autograder.grading import releases

    try:
        return releases.read(course, unit)
    except CourseError:
        return ()


def ended_from_outside(unit: Unit, work: Work) -> tuple[Graded, ...]:
    """What is said where a process that graded this was ended twice, and nobody knows by whom."""
    report = Report(
        unit.name,
        unit.title,
        "",
        "not-graded",
        None,
        unit.points,
        (),
        reason="the process that graded it was ended from outside",
        adopted=unit.adopted is not None,
    )
    return tuple(graded(replace(report, student=one.student)) for one in work)


def graded(report: Report, prepared: tuple[Prepared, ...] = ()) -> Graded:
    """A report as result file and page; without the student's own text where the page takes too long."""
    from autograder import budget
    from autograder.gradebook import results
    from autograder.pages.student import student_page

    try:
        with budget.of(_PAGE_SECONDS):
            page = student_page(report)
    except budget.SpentError:
        page = student_page(_in_short(report))
    return Graded(report.student, results.encode(report), page.encode("utf-8", "replace"), prepared)


def _in_short(report: Report) -> Report:
    """A report without the student's own text and numbers."""
    functions = (replace(function, source=None, explanation=None) for function in report.functions)
    return replace(report, functions=tuple(functions))


def pieces(work: Sequence[HandedIn]) -> list[Work]:
    """What is graded once: each student's own, and what several have handed in together."""
    together: dict[object, Work] = {}
    for one in work:
        key = (one.folder, one.file) if one.by else one.student
        together[key] = (*together.get(key, ()), one)
    return list(together.values())

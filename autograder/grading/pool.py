"""The processes that grade: each opens a sandbox and a pipeline of its own once, and keeps them.

What they alone need is imported inside their functions: the process that hands them their work starts without it.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent import futures
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import resource_tracker
from multiprocessing.util import Finalize
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import msgspec

from autograder import budget, interrupts
from autograder.errors import AutograderError
from autograder.gradebook import results
from autograder.notebook.places import HandedIn
from autograder.records import Course, Report, Unit

if TYPE_CHECKING:
    from autograder.grading.pipeline import Pipeline

_PAGE_SECONDS: Final = 20.0  # of CPU time for a page, which takes some hundredths of one
_AHEAD: Final = 16  # submissions waiting for each process, so that none idles while results are written


class Graded(msgspec.Struct, frozen=True):
    """One graded submission as it crosses processes: JSON and HTML."""

    student: str
    result: bytes
    page: bytes


class Pool:
    """Grades submissions of one unit in `jobs` processes. A context manager; not for threads."""

    def __init__(self, course: Course, unit: Unit, jobs: int) -> None:
        self._course, self._unit, self._jobs = course, unit, jobs
        self._executor: ProcessPoolExecutor | None = None
        # Each is one piece of work, of one student or of several of a group; the first ones of them are under way.
        self._waiting: list[tuple[HandedIn, ...]] = []
        self._running: dict[Future[tuple[Graded, ...]], tuple[HandedIn, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def students(self) -> frozenset[str]:
        """Whose submissions are not graded yet."""
        return frozenset(handed_in.student for work in self._waiting for handed_in in work)

    def add(self, work: Sequence[HandedIn]) -> None:
        """Begins to grade these, after those that are there already; what several have handed in together, once."""
        together: dict[object, tuple[HandedIn, ...]] = {}
        for one in work:
            key = (one.folder, one.file) if one.by else one.student
            together[key] = (*together.get(key, ()), one)
        self._waiting += together.values()
        self._fill()

    def graded(self, *, wait: bool = True) -> Iterator[Graded]:
        """What is graded as each is ready, until nothing is left, or without `wait` until nothing more is ready.

        A process that dies costs one submission alone. Raises CourseError where the graders do not hold together,
        SandboxError where no sandbox can be had.
        """
        while self._waiting:
            with interrupts.listening():
                finished, _ = futures.wait(
                    self._running, None if wait else 0, return_when=futures.FIRST_COMPLETED
                )
            if not finished:
                return
            try:
                for future in finished:
                    graded = future.result()
                    self._waiting.remove(self._running.pop(future))
                    self._fill()
                    yield from graded
            except BrokenProcessPool:
                # One of those under way did it. One at a time, it shows which.
                for suspect in self._waiting[: self._jobs]:
                    self._end()
                    yield from self._alone(suspect)
                    self._waiting.remove(suspect)
                self._fill()

    def _fill(self) -> None:
        for work in self._waiting[len(self._running) : self._jobs * _AHEAD]:
            self._running[self._submit(work)] = work

    def _alone(self, suspect: tuple[HandedIn, ...]) -> tuple[Graded, ...]:
        try:
            grading = self._submit(suspect)
            with interrupts.listening():
                return grading.result()
        except BrokenProcessPool:
            self._end()
        report = Report(
            self._unit.name,
            self._unit.title,
            "",
            "not-graded",
            None,
            self._unit.points,
            (),
            reason="the process that graded it was ended from outside",
        )
        return tuple(_graded(replace(report, student=one.student)) for one in suspect)

    def _submit(self, work: tuple[HandedIn, ...]) -> Future[tuple[Graded, ...]]:
        with _deaf_to_ctrl_c():  # which is this process's to handle: it keeps what is finished
            try:
                return self._processes().submit(_grade, work)
            except BrokenProcessPool:  # one was ended while it waited for work
                self._end()
                return self._processes().submit(_grade, work)

    def _processes(self) -> ProcessPoolExecutor:
        if self._executor is None:
            # Fresh processes: a fork would copy whatever threads this one has in whatever state.
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self._jobs, context, _open, (self._course, self._unit))
        return self._executor

    def _end(self) -> None:
        """Ends the processes, and what is under way with them: nobody waits for it any more."""
        if self._executor is None:
            return
        if self._running:
            for process in multiprocessing.active_children():
                process.kill()
        # Once, and waited for: a pool's thread that is still ending when Python does can trip over its own pipe.
        self._executor.shutdown(cancel_futures=True)
        self._executor, self._running = None, {}


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that are started meanwhile do not hear it; this one hears it afterwards."""
    resource_tracker.ensure_running()  # which would let it through again, once it has started a process of its own
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


# ----------------------------------------------------------------------------------------- in each process

_pipeline: Pipeline | AutograderError  # of this process


def _open(course: Course, unit: Unit) -> None:
    """Makes this process ready to grade."""
    global _pipeline
    gc.disable()  # what is loaded here stays: to look through it for what may go takes a tenth of the time
    from autograder.child import lockin
    from autograder.grading.pipeline import Pipeline
    from autograder.sandbox.children import Sandbox

    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # so far it was held back: this process was started deaf to it
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    lockin.die_with_parent()
    sandbox = Sandbox(course.limits)
    Finalize(None, sandbox.close, exitpriority=0)
    try:
        _pipeline = Pipeline.open(course, unit, sandbox.child, sandbox.level)
    except AutograderError as error:  # from here it would end the pool untold
        _pipeline = error
    gc.freeze()
    gc.enable()


def _grade(work: tuple[HandedIn, ...]) -> tuple[Graded, ...]:
    """Grades one piece of work in this process; its report and page are made for everyone who has handed it in."""
    if isinstance(_pipeline, AutograderError):
        raise _pipeline
    report = _pipeline.grade(work[0])
    return tuple(_graded(replace(report, student=one.student)) for one in work)


def _graded(report: Report) -> Graded:
    from autograder.pages.student import student_page

    try:
        with budget.of(_PAGE_SECONDS):
            page = student_page(report)
    except budget.SpentError:
        page = student_page(_in_short(report))
    return Graded(report.student, results.encode(report), page.encode("utf-8", "replace"))


def _in_short(report: Report) -> Report:
    """A report without the student's own text and numbers."""
    functions = (replace(function, source=None, explanation=None) for function in report.functions)
    return replace(report, functions=tuple(functions))

"""Grades a class: plans what has to be graded, spreads it over processes, keeps results, pages and gradebook.

The order in which things are written is what makes a run safe to stop anywhere: first a list of the students
whose results are about to change, then results and pages, each whole, then the gradebook in one transaction and
what students get back, then the list goes. Whoever is on that list at a later start is entered again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from autograder import (
    attempt,
    classroom,
    collect,
    course,
    feedback,
    notebooks,
    pages,
    pipeline,
    results,
    roster,
    secret,
)
from autograder.collect import HandedIn
from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.pipeline import Pipeline
from autograder.records import Course, Level, Report, Unit
from autograder.results import ResultFile
from autograder.sandbox import Sandbox

BATCH: Final = 100  # results per gradebook transaction
_AHEAD: Final = 4  # submissions waiting for each process, so that none idles
_JOURNAL: Final = ".being-written"
_LOCK: Final = ".autograder.lock"


@dataclass(frozen=True)
class Order:
    """What `autograder grade` was asked to do."""

    course: Course
    unit: Unit
    submitted: Path
    out: Path
    students: tuple[str, ...] = ()  # these alone; all where none is named
    jobs: int = 1
    force: bool = False
    dry_run: bool = False
    trust_students: bool = False


@dataclass(frozen=True)
class Plan:
    """What there is to do."""

    to_grade: tuple[HandedIn, ...]
    unchanged: tuple[str, ...]  # graded before, by the same graders, from the same file
    missing: tuple[str, ...]  # on the roster or with a folder, but without work for this unit
    passed_over: tuple[str, ...]
    level: Level
    notices: tuple[str, ...] = ()  # what the instructor should know before


class Graded(msgspec.Struct, frozen=True):
    """One graded submission as it crosses processes: JSON and HTML."""

    student: str
    result: bytes
    page: bytes


@dataclass
class Outcome:
    """What a run did."""

    plan: Plan
    graded: list[ResultFile] = field(default_factory=list)
    changed: list[tuple[str, float | None, float | None]] = field(default_factory=list)  # student, old, new
    class_page: Path | None = None
    gradebook_error: str = ""  # the results are safe; the gradebook has to be brought in line later


@contextlib.contextmanager
def alone(out: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the course folder for one run; another run waits its turn, after `waiting` has been called."""
    from filelock import FileLock, Timeout

    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def plan(order: Order) -> Plan:
    """Finds what has to be graded.

    Raises CourseError for a course, folder or student that is not as it should be, and where this machine cannot
    lock student code in and the students are not trusted.
    """
    collected = collect.collect(order.submitted, order.unit, order.students)
    with Sandbox(order.course.limits) as sandbox:
        level = sandbox.level
        if level == "none" and not order.trust_students:
            raise CourseError(
                "this machine cannot lock student code in; `autograder doctor` says what is missing "
                "(--trust-students grades all the same, if you trust every student with this machine)"
            )
        examiner = attempt.examiner(order.course, order.unit, sandbox.child)
        version = pipeline.version(examiner)
    kept = dict(results.every(order.out, order.unit.name))
    to_grade: list[HandedIn] = []
    unchanged: list[HandedIn] = []
    for handed_in in collected.handed_in:
        done = order.force or not _is_done(order, handed_in, kept.get(handed_in.student), version, level)
        (to_grade if done else unchanged).append(handed_in)
    on_roster = roster.read(order.course.roster) if order.course.roster is not None else ()
    here = {handed_in.student for handed_in in collected.handed_in}
    missing = [] if order.students else [student.id for student in on_roster if student.id not in here]
    missing += [student for student in collected.without if student not in missing]
    return Plan(
        tuple(to_grade),
        tuple(handed_in.student for handed_in in unchanged),
        tuple(missing),
        collected.passed_over,
        level,
        _changed_secret(order, kept.values(), examiner.secret),
    )


def _changed_secret(order: Order, kept: Iterable[ResultFile], now: bytes) -> tuple[str, ...]:
    """Says so where results were made with another secret: everyone's hidden inputs are others then."""
    fingerprint = secret.fingerprint(now)
    others = sum(result.secret not in ("", fingerprint) for result in kept)
    if not others:
        return ()
    return (
        f"the course secret ({secret.path(order.course)}) is not the one that {others} results here were made with: "
        "was it lost or exchanged? Every student now has other hidden inputs, and is graded again",
    )


def grade(order: Order, planned: Plan, progress: Callable[[ResultFile], None]) -> Outcome:
    """Does what was planned, and calls `progress` with every result as it comes.

    A KeyboardInterrupt passes through once the finished work is kept. Raises AutograderError where results cannot
    be written; a gradebook that cannot be is told in the outcome.
    """
    outcome = Outcome(planned)
    batch: list[Graded] = []
    if not order.dry_run:
        _catch_up(order, outcome)
    try:
        for graded in _spread(order, planned.to_grade):
            result = msgspec.json.decode(graded.result, type=ResultFile)
            before = results.read(results.path(order.out, order.unit.name, graded.student))
            if before is not None and before.score != result.score:
                outcome.changed.append((graded.student, before.score, result.score))
            outcome.graded.append(result)
            batch.append(graded)
            if len(batch) >= BATCH:
                _keep(order, batch, outcome)
            progress(result)
    except KeyboardInterrupt:
        _finish(order, batch, outcome)
        raise
    _finish(order, batch, outcome)
    return outcome


# --------------------------------------------------------------------------------------------- the processes

_pipeline: Pipeline | None = None  # of this process, opened once


def _open(order: Order) -> None:
    """Makes this process ready to grade."""
    global _pipeline
    # Ctrl-C is the main process's to handle: it keeps what is finished.
    if multiprocessing.parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox = Sandbox(order.course.limits)
    _pipeline = Pipeline.open(order.course, order.unit, sandbox.child, sandbox.level)


def _one(handed_in: HandedIn) -> Graded:
    """Grades one submission in this process."""
    assert _pipeline is not None
    report = _pipeline.grade(handed_in)
    return Graded(
        handed_in.student, results.encode(report), pages.student_page(report).encode("utf-8", "replace")
    )


def _spread(order: Order, work: Sequence[HandedIn]) -> Iterator[Graded]:
    """Grades `work` in `order.jobs` processes, as each is ready; a process that dies costs one submission alone."""
    waiting = list(work)
    jobs = min(order.jobs, len(waiting))
    while waiting:
        try:
            yield from _pooled(order, waiting, jobs)
        except BrokenProcessPool:
            # One of those under way did it. One at a time, it shows which.
            if jobs > 1:
                jobs = 1
                continue
            culprit = waiting.pop(0)
            report = Report(
                order.unit.name,
                order.unit.title,
                culprit.student,
                "not-graded",
                None,
                order.unit.points,
                (),
                reason="the process that graded it was ended from outside",
            )
            yield Graded(culprit.student, results.encode(report), pages.student_page(report).encode())
            jobs = min(order.jobs, len(waiting))


def _pooled(order: Order, waiting: list[HandedIn], jobs: int) -> Iterator[Graded]:
    """Takes from `waiting` what is finished; BrokenProcessPool leaves the rest in it."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_open, initargs=(order,)) as pool:
        running: dict[Future[Graded], HandedIn] = {}
        coming = iter(list(waiting))
        try:
            while True:
                while len(running) < jobs * _AHEAD and (following := next(coming, None)) is not None:
                    running[pool.submit(_one, following)] = following
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    graded = future.result()
                    waiting.remove(running.pop(future))
                    yield graded
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


# ------------------------------------------------------------------------------------------------- what stays


def _keep(order: Order, batch: list[Graded], outcome: Outcome) -> None:
    """Writes a batch: journal, results and pages, gradebook, in this order; empties it."""
    if batch and not order.dry_run:
        unit = order.unit.name
        students = [graded.student for graded in batch]
        _write([(_journal(order), msgspec.json.encode([_name(student) for student in students]))])
        _write(
            [(results.path(order.out, unit, graded.student), graded.result) for graded in batch]
            + [(feedback.kept(order.out, unit, graded.student), graded.page) for graded in batch]
        )
        _enter(order, students, outcome)
        if outcome.gradebook_error:  # students get their pages all the same, hand-given marks a run later
            _write([(feedback.place(order.out, unit, graded.student), graded.page) for graded in batch])
    batch.clear()


def _write(files: Sequence[tuple[Path, bytes]]) -> None:
    try:
        results.write_all(files)
    except OSError as error:
        raise AutograderError(
            f"{error.filename or files[0][0].parent}: {error.strerror}: {len(files)} files could not be written; "
            "make room and run the same command again, nothing that was written is lost"
        ) from None


def _journal(order: Order) -> Path:
    """The list of students whose results have changed and are not in the gradebook yet."""
    return order.out / "results" / order.unit.name / _JOURNAL


def _catch_up(order: Order, outcome: Outcome) -> None:
    """Copies the gradebook, then brings into it what an earlier run wrote and did not get to enter."""
    from autograder import database, gradebook

    known = [student for student, _ in results.every(order.out, order.unit.name)]
    try:
        gradebook.backup(order.out, keep=order.course.backups)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
    try:
        journal = msgspec.json.decode(_journal(order).read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError):
        journal = []
    if not (order.out / database.FILE_NAME).exists():
        journal = [_name(student) for student in known]
    behind = [student for student in known if _name(student) in journal]
    if order.course.roster is not None:
        try:
            gradebook.enrol(order.out, roster.read(order.course.roster))
        except AutograderError as error:
            outcome.gradebook_error = str(error)
    for start in range(0, len(behind), BATCH):
        _enter(order, behind[start : start + BATCH], outcome)


def _enter(order: Order, students: Sequence[str], outcome: Outcome) -> None:
    """Brings the gradebook in line with these students' results; the journal goes once it is."""
    from autograder import gradebook

    entries = []
    for student in students:
        result = results.read(results.path(order.out, order.unit.name, student))
        if result is None:
            continue
        # The file's name is the student's; inside the file, bytes that are no UTF-8 are lost.
        named = msgspec.structs.replace(result, student=student)
        report = results.report_of(named, order.unit.title)
        entries.append(gradebook.Entry(report, _notebook(order, student)))
    released = order.course.root / "assignments" / order.unit.name / f"{order.unit.name}.ipynb"
    try:
        gradebook.write(
            order.out, order.unit, entries, released, config=order.course.root / "nbgrader_config.py"
        )
        feedback.publish(order.out, order.unit, students, released)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
        return
    _journal(order).unlink(missing_ok=True)


def _finish(order: Order, batch: list[Graded], outcome: Outcome) -> None:
    """Keeps the last batch and writes the class page from all results there are."""
    if order.dry_run:
        return
    _keep(order, batch, outcome)
    kept = [
        results.report_of(msgspec.structs.replace(result, student=student), order.unit.title)
        for student, result in results.every(order.out, order.unit.name)
    ]
    page = pages.class_page(classroom.summarise(order.unit, kept, outcome.plan.missing))
    outcome.class_page = order.out / "report" / f"{order.unit.name}.html"
    _write([(outcome.class_page, page.encode("utf-8", "replace"))])


def _is_done(order: Order, handed_in: HandedIn, kept: ResultFile | None, version: str, level: Level) -> bool:
    """Whether the result that is kept was made from this very file by these very graders."""
    if kept is None or kept.status == "not-graded" or kept.course != version or kept.level != level:
        return False
    try:
        if kept.status != "unreadable":
            raw = notebooks.read_bytes(collect.find_notebook(handed_in, order.unit))
            return kept.submission == notebooks.digest(raw)
        collect.read(handed_in, order.unit)
    except UnreadableError as error:
        return kept.status == "unreadable" and kept.reason == str(error)
    return False


def _notebook(order: Order, student: str) -> Path | None:
    try:
        return collect.find_notebook(
            HandedIn(student, order.submitted / student / order.unit.name), order.unit
        )
    except UnreadableError:
        return None


def _name(student: str) -> str:
    """As JSON can hold it: a folder's name need not be UTF-8."""
    return student.encode("utf-8", "replace").decode("utf-8")


def default_jobs() -> int:
    """As many as this process may use processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def open_order(
    start: Path,
    unit: str,
    submitted: Path | None,
    out: Path | None,
    **asked: object,
) -> Order:
    """The order for a unit of the course around `start`; CourseError where there is no such."""
    loaded = course.load(course.find(start))
    (chosen,) = course.choose(loaded, [unit])
    return Order(
        loaded,
        chosen,
        submitted if submitted is not None else loaded.root / "submitted",
        out if out is not None else loaded.root,
        **asked,  # type: ignore[arg-type]  # the fields of Order, by name
    )

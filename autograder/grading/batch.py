"""Grades a class: plans what has to be graded, has it graded, keeps results, pages and gradebook.

The order in which things are written is what makes a run safe to stop anywhere: first a list of the students
whose results are about to change, then pages and results, each whole, then the gradebook in one transaction and
what students get back, then the list goes. Whoever is on that list at a later start is entered again.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import msgspec

from autograder.checking import attempt
from autograder.course import coursefile, roster, secret
from autograder.course.roster import Student
from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.gradebook import database, results
from autograder.gradebook.results import Made, ResultFile
from autograder.grading import notices
from autograder.grading.pool import Graded, Pool
from autograder.notebook import collect, notebooks
from autograder.notebook.collect import Collected, HandedIn
from autograder.records import Course, Level, Unit
from autograder.sandbox.children import Sandbox

BATCH: Final = 100  # results per gradebook transaction
_KEEP_AFTER: Final = 5.0  # seconds after which a batch that is not full is kept all the same
PAUSE: Final = 1.0  # seconds without a new result, after which the class page is written
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
    level: Level | None  # None where nothing has to be run, and nobody looked
    version: str  # of what results are made by
    misplaced: tuple[Path, ...] = ()  # what students without work for this unit may have meant by it
    notices: tuple[str, ...] = ()  # what the instructor should know before


@dataclass
class Outcome:
    """What a run did."""

    plan: Plan
    graded: list[ResultFile] = field(
        default_factory=list
    )  # without checks, which are most of it: classes are large
    changed: list[tuple[str, float | None, float | None]] = field(default_factory=list)  # student, old, new
    class_page: Path | None = None
    gradebook_error: str = ""  # the results are safe; the gradebook has to be brought in line later


@contextlib.contextmanager
def alone(out: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the course folder for one run; another run waits its turn, after `waiting` has been called.

    Raises CourseError where this user may not write in it, as in a folder that another instructor graded in alone.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(out / _LOCK)
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    except OSError as error:
        raise CourseError(
            f"{error.filename or out}: {error.strerror}: grading writes there; in a folder of several instructors, "
            f"let the group write (chmod -R g+rwX {out}), or name a folder of your own with --out"
        ) from None
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
    unit = order.unit.name
    made = {
        student: results.made(results.path(order.out, unit, student))
        for student in results.students(order.out, unit)
    }
    kept = {student: result for student, result in made.items() if result is not None}
    with Sandbox(order.course.limits) as sandbox:  # which is not started before it is asked for
        examiner = attempt.examiner(order.course, order.unit, sandbox.child)
        version = attempt.version(examiner)
        done = {
            handed_in
            for handed_in in collected.handed_in
            if not order.force and _is_done(order, handed_in, kept.get(handed_in.student), version)
        }
        level = None
        weaker = {handed_in for handed_in in done if kept[handed_in.student].level != "full"}
        if weaker or len(done) < len(collected.handed_in):
            level = _level(order, sandbox)
            done -= {handed_in for handed_in in weaker if kept[handed_in.student].level != level}
    return Plan(
        to_grade=tuple(handed_in for handed_in in collected.handed_in if handed_in not in done),
        unchanged=tuple(handed_in.student for handed_in in collected.handed_in if handed_in in done),
        missing=_missing(
            order, collect.collect(order.submitted, order.unit) if order.students else collected
        ),
        passed_over=collected.passed_over,
        misplaced=collected.misplaced,
        level=level,
        version=version,
        notices=(
            *_changed_secret(order, kept.values(), examiner.secret),
            *notices.loose(order.submitted, order.unit, collected.loose),
            *notices.receipts(collected.handed_in),
        ),
    )


def _plan_arrivals(order: Order, planned: Plan, students: Sequence[str]) -> Plan:
    """What there is to do for these students alone, whose work may have changed since the rest was planned."""
    wanted = [student for student in students if not order.students or student in order.students]
    folders = {student: order.submitted / student / order.unit.name for student in wanted}
    here = [HandedIn(student, folder) for student, folder in folders.items() if os.path.lexists(folder)]
    to_grade = []
    for handed_in in here:
        kept = results.made(results.path(order.out, order.unit.name, handed_in.student))
        if not _is_done(order, handed_in, kept, planned.version):
            to_grade.append(handed_in)
    names = {handed_in.student for handed_in in here}
    level = planned.level
    if to_grade and level is None:
        with Sandbox(order.course.limits) as sandbox:
            level = _level(order, sandbox)
    return replace(
        planned,
        level=level,
        to_grade=tuple(to_grade),
        unchanged=tuple(student for student in names if student not in {one.student for one in to_grade}),
        missing=tuple(student for student in planned.missing if student not in names),
    )


def _missing(order: Order, collected: Collected) -> tuple[str, ...]:
    """Who is on the roster or has a folder, and handed in nothing for this unit."""
    on_roster = _on_roster(order)
    here = {handed_in.student for handed_in in collected.handed_in}
    missing = [student.id for student in on_roster if student.id not in here]
    return (*missing, *(student for student in collected.without if student not in missing))


def _on_roster(order: Order) -> tuple[Student, ...]:
    """The students on the roster, spelt as their folders are."""
    if order.course.roster is None:
        return ()
    return roster.spelt(roster.read(order.course.roster), os.listdir(order.submitted))


def _level(order: Order, sandbox: Sandbox) -> Level:
    """How well this machine locks student code in; CourseError where not at all and students are not trusted."""
    if sandbox.level == "none" and not order.trust_students:
        raise CourseError(
            "this machine cannot lock student code in; `autograder doctor` says what is missing "
            "(--trust-students grades all the same, if you trust every student with this machine)"
        )
    return sandbox.level


def _changed_secret(order: Order, kept: Iterable[Made], now: bytes) -> tuple[str, ...]:
    """Says so where results were made with another secret: everyone's hidden inputs are others then."""
    fingerprint = secret.fingerprint(now)
    others = sum(result.secret not in ("", fingerprint) for result in kept)
    if not others:
        return ()
    return (
        f"the course secret ({secret.path(order.course)}) is not the one that {others} results here were made with: "
        "was it lost or exchanged? Every student now has other hidden inputs, and is graded again",
    )


def grade(
    order: Order, planned: Plan, progress: Callable[[ResultFile], None], pool: Pool | None = None
) -> Outcome:
    """Does what was planned, and calls `progress` with every result as it comes.

    A KeyboardInterrupt passes through once the finished work is kept. Raises AutograderError where results cannot
    be written; a gradebook that cannot be is told in the outcome.
    """
    if pool is None:
        with Pool(order.course, order.unit, order.jobs) as own:
            return grade(order, planned, progress, own)
    outcome = Outcome(planned)
    pool.add(planned.to_grade)  # and they are under way while nbgrader is imported
    if not order.dry_run:
        _catch_up(order, outcome)
    try:
        _take(order, pool.graded(), outcome, progress)
    except KeyboardInterrupt:
        _finish(order, outcome)
        raise
    _finish(order, outcome)
    return outcome


def _finish(order: Order, outcome: Outcome) -> None:
    if not order.dry_run:
        outcome.class_page = write_class_page(order, outcome.plan.missing)


def follow(
    order: Order,
    planned: Plan,
    arriving: Iterable[Sequence[str]],
    progress: Callable[[ResultFile], None],
    pool: Pool,
) -> Iterator[Outcome]:
    """Grades what arrives after `grade`, and yields an outcome whenever something is.

    `arriving` gives students whose work may have changed, several times a second and often none. Whoever hands in
    again while being graded is looked at again afterwards. The class page follows when there is a pause.
    """
    later: set[str] = set()
    behind, latest = False, 0.0
    try:
        for students in arriving:
            later.update(students)
            free = sorted(later - pool.students)
            if free:
                later.difference_update(free)
                planned = _plan_arrivals(order, planned, free)
                pool.add(planned.to_grade)
            outcome = Outcome(planned)
            _take(order, pool.graded(wait=False), outcome, progress)
            if outcome.graded:
                behind, latest = True, time.monotonic()
                yield outcome
            elif behind and not pool.students and time.monotonic() - latest > PAUSE:
                write_class_page(order, planned.missing)
                behind = False
    finally:
        if behind:
            write_class_page(order, planned.missing)


def _take(
    order: Order, coming: Iterable[Graded], outcome: Outcome, progress: Callable[[ResultFile], None]
) -> None:
    """Keeps what is graded in batches, the last one also where it is cut short."""
    batch: list[Graded] = []
    since = 0.0
    try:
        for graded in coming:
            result = msgspec.json.decode(graded.result, type=ResultFile)
            before = results.read(results.path(order.out, order.unit.name, graded.student))
            if before is not None and before.score != result.score:
                outcome.changed.append((graded.student, before.score, result.score))
            outcome.graded.append(_without_checks(result))
            since = since if batch else time.monotonic()
            batch.append(graded)
            if len(batch) >= BATCH or time.monotonic() - since >= _KEEP_AFTER:
                _keep(order, batch, outcome)
            progress(result)
    except KeyboardInterrupt:
        _keep(order, batch, outcome)
        raise
    _keep(order, batch, outcome)


def _without_checks(result: ResultFile) -> ResultFile:
    functions = [msgspec.structs.replace(function, checks=[]) for function in result.functions]
    return msgspec.structs.replace(result, functions=functions)


# ------------------------------------------------------------------------------------------------- what stays


def _keep(order: Order, batch: list[Graded], outcome: Outcome) -> None:
    """Writes a batch: journal, pages and results, gradebook, in this order; empties it."""
    if batch and not order.dry_run:
        from autograder.pages import feedback

        unit = order.unit.name
        students = [graded.student for graded in batch]
        _write([(_journal(order), msgspec.json.encode([database.stored(student) for student in students]))])
        # A result that is there is not made again, so its page must be there before it.
        _write(
            [(feedback.kept(order.out, unit, graded.student), graded.page) for graded in batch]
            + [(results.path(order.out, unit, graded.student), graded.result) for graded in batch]
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
    """Copies the gradebook before it changes, then brings it in line with the results, which are the truth."""
    from autograder.gradebook import backups, drift, enrolment

    kept = dict(results.every(order.out, order.unit.name))
    try:
        journal = msgspec.json.decode(_journal(order).read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError):
        journal = []
    folders = {student: order.submitted.joinpath(student, order.unit.name) for student in kept}
    others = set(drift.behind(order.out, order.unit, kept, folders))
    behind = [student for student in kept if student in others or database.stored(student) in journal]
    on_roster = _on_roster(order)
    enrolled = enrolment.has_enrolled(order.out, on_roster)
    try:
        if outcome.plan.to_grade or behind or not enrolled:
            backups.backup(order.out, keep=order.course.backups)
        if not enrolled:
            enrolment.enrol(order.out, on_roster)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
    for start in range(0, len(behind), BATCH):
        _enter(order, behind[start : start + BATCH], outcome)


def _enter(order: Order, students: Sequence[str], outcome: Outcome) -> None:
    """Brings the gradebook in line with these students' results; the journal goes once it is."""
    from autograder.gradebook import bookkeeping
    from autograder.gradebook.submissions import Entry
    from autograder.pages import feedback

    entries = []
    for student in students:
        result = results.read(results.path(order.out, order.unit.name, student))
        if result is None:
            continue
        # The file's name is the student's; inside the file, bytes that are no UTF-8 are lost.
        named = msgspec.structs.replace(result, student=student)
        report = results.report_of(named, order.unit.title)
        notebook = _notebook(order, student)
        folder = None if notebook is None else order.submitted / student / order.unit.name
        entries.append(Entry(report, notebook, folder))
    released = order.course.root / "assignments" / order.unit.name / f"{order.unit.name}.ipynb"
    try:
        bookkeeping.write(
            order.out, order.unit, entries, released, config=order.course.root / "nbgrader_config.py"
        )
        feedback.publish(order.out, order.unit, students, released)
    except AutograderError as error:
        outcome.gradebook_error = str(error)
        return
    _journal(order).unlink(missing_ok=True)


def write_class_page(order: Order, missing: Sequence[str]) -> Path:
    """Writes the class page from all results there are, unless nothing has changed since it was written last."""
    place = order.out / "report" / f"{order.unit.name}.html"
    sources = [order.out / "results" / order.unit.name, order.submitted]
    sources += [order.course.roster] if order.course.roster is not None else []
    if _changed(place) <= max(map(_changed, sources)):
        from autograder.pages.classroom import class_page, summarise

        kept = (
            results.report_of(msgspec.structs.replace(result, student=student), order.unit.title)
            for student, result in results.every(order.out, order.unit.name)
        )
        here = (
            HandedIn(student, order.submitted / student / order.unit.name)
            for student in results.students(order.out, order.unit.name)
        )
        page = class_page(summarise(order.unit, kept, missing, notices.unread_receipts(here)))
        _write([(place, page.encode("utf-8", "replace"))])
    return place


def _changed(path: Path) -> int:
    """When a file, or what is in a folder, changed; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _is_done(order: Order, handed_in: HandedIn, kept: Made | None, version: str) -> bool:
    """Whether the result that is kept was made from this very file by these very graders."""
    if kept is None or kept.status == "not-graded" or kept.course != version:
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
    loaded = coursefile.load(coursefile.find(start))
    (chosen,) = coursefile.choose(loaded, [unit])
    return Order(
        loaded,
        chosen,
        submitted if submitted is not None else loaded.root / "submitted",
        out if out is not None else loaded.root,
        **asked,  # type: ignore[arg-type]  # the fields of Order, by name
    )

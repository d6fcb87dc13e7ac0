"""What a run was asked to do, and what there is to do: whose work is new, changed, or graded by other graders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.checking import attempt
from autograder.course import coursefile, roster, secret
from autograder.course.roster import Student
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook import results
from autograder.gradebook.results import Made
from autograder.grading import notices
from autograder.notebook import collect, notebooks
from autograder.notebook.collect import Collected, HandedIn
from autograder.records import Course, Level, Unit
from autograder.sandbox.children import Sandbox


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


def plan_arrivals(order: Order, planned: Plan, students: Sequence[str]) -> Plan:
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
    on_roster = students_on_roster(order)
    here = {handed_in.student for handed_in in collected.handed_in}
    missing = [student.id for student in on_roster if student.id not in here]
    return (*missing, *(student for student in collected.without if student not in missing))


def students_on_roster(order: Order) -> tuple[Student, ...]:
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


def _is_done(order: Order, handed_in: HandedIn, kept: Made | None, version: str) -> bool:
    """Whether the result that is kept was made from this very file by these very graders."""
    if kept is None or kept.status == "not-graded" or kept.course != version:
        return False
    try:
        if kept.status != "unreadable" or kept.submission:
            raw = notebooks.read_bytes(collect.find_notebook(handed_in, order.unit))
            return kept.submission == notebooks.digest(raw)
        collect.read(handed_in, order.unit)
    except UnreadableError as error:
        return kept.status == "unreadable" and kept.reason == str(error)
    return False


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

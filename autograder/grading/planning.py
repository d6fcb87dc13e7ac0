"""What a run was asked to do, and what there is to do: whose work is new, changed, or graded by other graders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder import interrupts
from autograder.checking import examining
from autograder.course import coursefile, secret
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook import copies, results
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.results import Made
from autograder.grading import attendance, groups, notices
from autograder.grading.shards import Shard
from autograder.naming import as_text
from autograder.notebook import collect, notebooks, places
from autograder.notebook.places import HandedIn
from autograder.records import Course, Level, Unit, Unplaced
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
    shard: Shard | None = None  # this part of the class alone, whose results go into no gradebook yet
    level: Level | None = None  # how well other machines lock student code in; None: it runs on this one

    @property
    def config(self) -> Path:
        """nbgrader's settings of the course."""
        return self.course.root / "nbgrader_config.py"


@dataclass(frozen=True)
class Plan:
    """What there is to do."""

    to_grade: tuple[HandedIn, ...]
    unchanged: tuple[str, ...]  # graded before, by the same graders, from the same file
    missing: tuple[str, ...]  # on the roster, or without one with a folder, but without work for this unit
    passed_over: tuple[str, ...]
    level: Level | None  # None where nothing has to be run, and nobody looked
    version: str  # of what results are made by
    where: Mapping[str, HandedIn] = field(default_factory=dict)  # everyone's work, by student
    unplaced: tuple[Unplaced, ...] = ()  # work that no result stands for
    notices: tuple[str, ...] = ()  # what the instructor should know before


def plan(order: Order) -> Plan:
    """Finds what has to be graded.

    Raises CourseError for a course, folder or student that is not as it should be, and where this machine cannot
    lock student code in and the students are not trusted; AutograderError where the gradebook is gone, and with it
    what people gave by hand.
    """
    gradebook = order.out / FILE_NAME
    if not order.dry_run:
        copies.refuse_gone(gradebook)
    collected = attendance.collect(order)
    asked = attendance.asked(order, collected)
    unit = order.unit.name
    made = {
        student: results.made(results.path(order.out, unit, student))
        for student in results.students(order.out, unit)
    }
    kept = {student: result for student, result in made.items() if result is not None}
    with Sandbox(order.course.limits) as sandbox:  # which is not started before it is asked for
        examiner = examining.examiner(order.course, order.unit, sandbox.child)
        version = examining.version(examiner)
        done = {
            handed_in
            for handed_in in asked
            if not order.force and _is_done(order, handed_in, kept.get(handed_in.student), version)
        }
        level = None
        weaker = {handed_in for handed_in in done if kept[handed_in.student].level != "full"}
        if weaker or len(done) < len(asked):
            level = _level(order, sandbox)
            done -= {handed_in for handed_in in weaker if kept[handed_in.student].level != level}
    return Plan(
        to_grade=tuple(handed_in for handed_in in asked if handed_in not in done),
        unchanged=tuple(handed_in.student for handed_in in asked if handed_in in done),
        missing=attendance.missing(order, collected),
        passed_over=collected.passed_over,
        level=level,
        version=version,
        where={handed_in.student: handed_in for handed_in in collected.handed_in},
        unplaced=collected.unplaced,
        notices=(
            *notices.gradebook(gradebook),
            *notices.changes(gradebook, order.course.released(order.unit.name), order.unit),
            *notices.outdated(order.course, order.out, order.unit),
            *notices.late_policy(order.course),
            *notices.excused(order.course, order.out),
            *_changed_secret(order, kept.values(), examiner.secret),
            *notices.elsewhere(order.submitted, collected.handed_in, order.unit),
            *attendance.strangers(order, collected),
            *groups.notices(asked),
            *notices.receipts(
                tuple({one.folder: one for one in asked}.values()), order.unit.due, order.config
            ),
        ),
    )


def work_of(order: Order, plan: Plan, student: str) -> HandedIn:
    """A student's work; where it belongs, for whom no longer has any."""
    return plan.where.get(student) or HandedIn(student, order.submitted / student / order.unit.name)


def plan_arrivals(order: Order, planned: Plan, names: Sequence[str]) -> Plan:
    """What there is to do for what lies in `submitted/` under these names alone, which may have changed since."""
    names = groups.expanded(attendance.teams(order), names)
    collected = attendance.collect(order, only=names)
    to_grade, unchanged = [], []
    for handed_in in attendance.asked(order, collected, strict=False):
        kept = results.made(results.path(order.out, order.unit.name, handed_in.student))
        if _is_done(order, handed_in, kept, planned.version):
            unchanged.append(handed_in.student)
        else:
            to_grade.append(handed_in)
    level = planned.level
    if to_grade and level is None:
        with Sandbox(order.course.limits) as sandbox:
            level = _level(order, sandbox)
    looked_at = set(map(as_text, names))
    others = [one for one in planned.unplaced if "/" in one.where and one.student not in looked_at]
    unplaced = (*others, *collected.unplaced)
    where = {**planned.where, **{handed_in.student: handed_in for handed_in in collected.handed_in}}
    missing = planned.missing
    if where.keys() != planned.where.keys() or unplaced != planned.unplaced:
        missing = attendance.missing(
            order, replace(collected, handed_in=tuple(where.values()), without=missing, unplaced=unplaced)
        )
    return replace(
        planned,
        level=level,
        to_grade=tuple(to_grade),
        unchanged=tuple(unchanged),
        missing=missing,
        where=where,
        unplaced=unplaced,
    )


def level(order: Order) -> Level:
    """How well this machine locks student code in; CourseError where not at all and students are not trusted."""
    with Sandbox(order.course.limits) as sandbox:
        return _level(order, sandbox)


def _level(order: Order, sandbox: Sandbox) -> Level:
    """How well student code is locked in where it runs; CourseError where not at all and students are not trusted."""
    if order.level is not None:
        return order.level
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
    interrupts.wanted()  # with thousands of students, planning takes a while
    if kept is None or kept.status == "not-graded" or kept.course != version:
        return False
    try:
        if kept.status != "unreadable" or kept.submission:
            raw = notebooks.read_bytes(
                places.find_notebook(handed_in, order.unit), f"{order.unit.name}.ipynb"
            )
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
        secret.without_making(loaded) if asked.get("dry_run") else loaded,
        chosen,
        submitted if submitted is not None else loaded.root / "submitted",
        out if out is not None else loaded.root,
        **asked,  # type: ignore[arg-type]  # the fields of Order, by name
    )

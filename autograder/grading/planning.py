"""What a run was asked to do, and what there is to do: whose work is new, changed, or graded by other graders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder import interrupts
from autograder.course import coursefile, secret
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook import copies, looking, results
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.results import Made
from autograder.grading import attendance, groups, index, notices, opening, releases
from autograder.grading.index import Index
from autograder.grading.shards import Shard
from autograder.naming import as_text
from autograder.notebook import collect, places
from autograder.notebook.collect import Collected
from autograder.notebook.places import HandedIn
from autograder.records import Course, Level, Unit, Unplaced


class Ground(Protocol):
    """Where submissions will be graded."""

    def begin(self) -> None:
        """Gets ready to grade, without waiting until it is."""

    @property
    def level(self) -> Level:
        """How well student code is locked in there, waited for."""


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
    ground: Ground | None = None  # where it is graded; None: nowhere yet, and this machine is asked

    @property
    def config(self) -> Path:
        """nbgrader's settings of the course."""
        return self.course.root / "nbgrader_config.py"

    @property
    def belongs_at(self) -> str:
        """Where work is looked for in a student's folder."""
        return places.belongs_at(self.unit)


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
    looked_at: frozenset[str] | None = None  # names in `submitted/`; None where all were
    signs: Mapping[str, bytes] = field(default_factory=dict)  # of what was handed in, as `index` has them
    everyone: bytes | None = None  # the same of what concerns everyone
    counter: int | None = None  # of the gradebook's changes, when the plan was made
    lasting: tuple[str, ...] = ()  # those of the notices that hold as long as nothing changes


def plan(order: Order) -> Plan:
    """Finds what has to be graded.

    Raises CourseError for a course, folder, student or release that is not as it should be, and where this machine cannot
    lock student code in and the students are not trusted; AutograderError where the gradebook is gone, and with it
    what people gave by hand.
    """
    gradebook = order.out / FILE_NAME
    if not order.dry_run:
        copies.refuse_gone(gradebook)
    everyone, counter = index.everyone(order), looking.counter(gradebook)
    known = index.read(order, everyone, counter)
    names = None if known is None else index.changed(order, known)
    if known is not None and names is not None:
        return _from_index(order, known, names)
    releases.refuse_other_points(order.course, order.unit)
    collected = attendance.collect(order)
    asked = attendance.asked(order, collected)
    unit = order.unit.name
    signs = index.signs(order, (one.student for one in collected.handed_in if one.by == ""))
    made = {
        student: results.made(results.path(order.out, unit, student))
        for student in results.students(order.out, unit)
    }
    kept = {student: result for student, result in made.items() if result is not None}
    if order.ground is not None and any(one.student not in kept for one in asked):
        order.ground.begin()  # while the rest is looked at
    version, fingerprint = opening.made_by(order.course, order.unit)
    done, here = _done(order, asked, kept, version)
    weaker = {one.student for one in done if kept[one.student].level != "full"}
    lasting = (
        *notices.late_policy(order.course),
        *notices.excused(order.course, order.out),
        *_of_work(order, collected, asked),
    )
    return Plan(
        to_grade=tuple(handed_in for handed_in in asked if handed_in not in done),
        unchanged=tuple(handed_in.student for handed_in in asked if handed_in in done),
        missing=attendance.missing(order, collected),
        passed_over=collected.passed_over,
        level=here,
        version=version,
        where={handed_in.student: handed_in for handed_in in collected.handed_in},
        unplaced=collected.unplaced,
        notices=(
            *notices.gradebook(gradebook),
            *notices.columns(order.course.roster),
            *notices.changes(gradebook, order.course, order.unit),
            *notices.outdated(order.course, order.out, order.unit),
            *_changed_secret(order, kept.values(), fingerprint),
            *lasting,
        ),
        signs={student: sign for student, sign in signs.items() if student not in weaker},
        everyone=everyone,
        counter=counter,
        lasting=lasting,
    )


def _of_work(order: Order, collected: Collected, asked: Sequence[HandedIn]) -> tuple[str, ...]:
    """What should be known of what was handed in."""
    folders = tuple({one.folder: one for one in asked}.values())
    return (
        *notices.elsewhere(order.submitted, collected.handed_in, order.unit),
        *attendance.strangers(order, collected),
        *attendance.gone(order, collected),
        *groups.notices(asked),
        *notices.receipts(folders, order.unit.due, order.config),
    )


def _done(
    order: Order, asked: Sequence[HandedIn], kept: Mapping[str, Made], version: str
) -> tuple[set[HandedIn], Level | None]:
    """The work of which the result that is kept still holds, and this machine's level where that had to be asked for."""
    done = set()
    for handed_in in asked:
        if not order.force and _is_done(order, handed_in, kept.get(handed_in.student), version):
            done.add(handed_in)
        elif order.ground is not None:
            order.ground.begin()  # while the rest is looked at
    weaker = {handed_in for handed_in in done if kept[handed_in.student].level != "full"}
    if not weaker and len(done) == len(asked):
        return done, None
    now = level(order)
    return done - {one for one in weaker if kept[one.student].level != now}, now


def _from_index(order: Order, known: Index, names: Sequence[str]) -> Plan:
    """Finds what has to be graded where everything but the work of these names is as the last run found it."""
    signs = index.signs(order, names)
    collected = attendance.collect(order, only=names)
    unit = order.unit.name
    made = {
        one.student: results.made(results.path(order.out, unit, one.student)) for one in collected.handed_in
    }
    kept = {student: result for student, result in made.items() if result is not None}
    done, here = _done(order, collected.handed_in, kept, known.version)
    same = index.handed_in(order, known, names)
    where = {student: one for student, (one, _) in same.items()}
    where |= {one.student: one for one in collected.handed_in}
    where = {student: where[student] for student in sorted(where)}
    lasting, missing = tuple(known.notices), tuple(map(os.fsdecode, known.missing))
    if names:
        everyones = replace(collected, handed_in=tuple(where.values()))
        missing = attendance.missing(order, everyones)
        lasting = (
            *notices.late_policy(order.course),
            *notices.excused(order.course, order.out),
            *_of_work(order, everyones, everyones.handed_in),
        )
    weaker = {one.student for one in done if kept[one.student].level != "full"}
    return Plan(
        to_grade=tuple(one for one in collected.handed_in if one not in done),
        unchanged=tuple(student for student, one in where.items() if student in same or one in done),
        missing=missing,
        passed_over=collected.passed_over,
        level=here,
        version=known.version,
        where=where,
        unplaced=collected.unplaced,
        notices=lasting,
        looked_at=frozenset(names),
        signs={
            **{student: sign for student, (_, sign) in same.items()},
            **{student: sign for student, sign in signs.items() if student not in weaker},
        },
        everyone=known.everyone,
        counter=known.counter,
        lasting=lasting,
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
    here = planned.level
    if to_grade and here is None:
        here = level(order)
    looked_at = set(map(as_text, names))
    others = [one for one in planned.unplaced if "/" in one.where and one.student not in looked_at]
    unplaced = (*others, *collected.unplaced)
    # Whose folder is gone or renamed has nothing there any more.
    where = {student: one for student, one in planned.where.items() if as_text(student) not in looked_at}
    where |= {handed_in.student: handed_in for handed_in in collected.handed_in}
    missing = planned.missing
    if where.keys() != planned.where.keys() or unplaced != planned.unplaced:
        missing = attendance.missing(
            order, replace(collected, handed_in=tuple(where.values()), without=missing, unplaced=unplaced)
        )
    return replace(
        planned,
        looked_at=None,
        level=here,
        to_grade=tuple(to_grade),
        unchanged=tuple(unchanged),
        missing=missing,
        where=where,
        unplaced=unplaced,
    )


def is_overtaken(order: Order, planned: Plan, student: str, made: Made) -> bool:
    """Whether a result has come too late: the work is gone, or another run has graded since what lies there now."""
    there = work_of(order, planned, student)
    if not (there.file or there.folder).exists():
        return True
    kept = results.made(results.path(order.out, order.unit.name, student))
    return (
        kept is not None
        and kept.submission != made.submission
        and _is_done(order, there, kept, planned.version)
    )


def level(order: Order) -> Level:
    """How well student code is locked in where it runs; CourseError where not at all and students are not trusted."""
    found = _level_here(order) if order.ground is None else order.ground.level
    if found == "none" and not order.trust_students:
        raise CourseError(
            "this machine cannot lock student code in; `autograder doctor` says what is missing "
            "(--trust-students grades all the same, if you trust every student with this machine)"
        )
    return found


def _level_here(order: Order) -> Level:
    from autograder.sandbox.children import Sandbox

    with Sandbox(order.course.limits) as sandbox:
        return sandbox.level


def _changed_secret(order: Order, kept: Iterable[Made], fingerprint: str) -> tuple[str, ...]:
    """Says so where results were made with another secret: everyone's hidden inputs are others then."""
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
            return kept.submission == collect.digest(handed_in, order.unit)
        collect.read(handed_in, order.unit)
    except UnreadableError as error:
        return kept.status == "unreadable" and kept.reason == str(error)
    return False


def default_jobs() -> int:
    """As many as this process may use processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def opened_anew(order: Order) -> Order:
    """The same order for the course as its files are now, without grading again what is unchanged; CourseError as they raise it."""
    loaded = coursefile.load(order.course.root / coursefile.FILE_NAME)
    (chosen,) = coursefile.choose(loaded, [order.unit.name])
    return replace(order, course=loaded, unit=chosen, force=False, ground=None)


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

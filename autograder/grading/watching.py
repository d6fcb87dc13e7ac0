"""Follows a class: what arrives is graded, and the course folder is held only while something is planned or kept.

Between these turns other commands change what they like. So each turn begins by looking what has become other since the
last: where it is the gradebook, everything is planned anew; where it is the course, whoever follows has to open it again.
A result that was made meanwhile is kept only where nothing newer is there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Never

import msgspec

from autograder import interrupts
from autograder.gradebook import looking, results
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.results import Made, ResultFile
from autograder.grading import attendance, batch, groups, index, keeping, planning
from autograder.grading.batch import Holder, Waiting
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order, Plan
from autograder.grading.pool import Pool
from autograder.grading.reporting import write_pages
from autograder.grading.station import Graded

PAUSE: Final = 1.0  # seconds without a new result, after which the class page is written
_PASSING: Final = 2.0  # seconds for which others may hold the folder before anyone is told


def follow(
    order: Order,
    done: Outcome,
    course: bytes,
    arriving: Iterable[Sequence[str]],
    progress: Callable[[ResultFile], None],
    pool: Pool,
    waiting: Waiting,
) -> Iterator[Outcome]:
    """Grades what arrives after a run with the outcome `done`, and yields an outcome whenever something is.

    `arriving` gives names in `submitted/` where work may have changed, several times a second and often none. Whoever hands in
    again while being graded is looked at again afterwards. The class page follows when there is a pause. Ends at the first
    turn at which `index.course` is not `course` any more.
    """
    order = replace(order, force=False)
    planned, counter = done.plan, _counted(done)
    later: set[str] = set()
    latest: float | None = None  # when something was found that the class page does not have yet
    try:
        for students in _listening_to(arriving):
            later.update(students)
            free = _free(order, later, pool)
            pausing = latest is not None and not pool.students and time.monotonic() - latest > PAUSE
            if not (free or pool.is_ready or pausing):
                continue
            with batch.alone(order.out, waiting, by="watch", patience=_PASSING):
                if index.course(order) != course:
                    latest = None  # the run that follows writes it
                    return
                later.difference_update(free)
                outcome = _planned(order, planned, free, counter, pool)
                pool.add(outcome.plan.to_grade)
                batch.take(order, _timely(order, outcome.plan, pool), outcome, progress)
                is_news = bool(outcome.tally.count) or outcome.plan.unplaced != planned.unplaced
                planned, counter = outcome.plan, _counted(outcome)
                if is_news:
                    latest = time.monotonic()
                elif pausing:
                    write_pages(order, planned)
                    latest = None
            if is_news or outcome.gradebook_error:
                yield outcome
    finally:
        # Where others are at it, the next run writes the pages: they are older than results.
        with contextlib.suppress(_BusyError):
            if latest is not None:
                with batch.alone(order.out, _give_up, by="watch", patience=_PASSING):
                    write_pages(order, planned)


def _planned(order: Order, planned: Plan, names: Sequence[str], counter: int | None, pool: Pool) -> Outcome:
    """What there is to do for these names; for everyone where the gradebook is not as the last turn has left it."""
    if counter is not None and looking.counter(order.out / FILE_NAME) == counter:
        if names:
            planned = planning.plan_arrivals(order, planned, names)
        return Outcome(planned if names else replace(planned, to_grade=()), counter=counter)
    anew = planning.plan(order)
    under_way = pool.students
    to_grade = tuple(
        one
        for one in anew.to_grade
        if one.student not in under_way and (one.student in names or not _has_failed(order, one.student))
    )
    outcome = Outcome(replace(anew, to_grade=to_grade))
    keeping.catch_up(order, outcome)
    return outcome


def _has_failed(order: Order, student: str) -> bool:
    """Whether grading a student's work was tried in vain: a new run tries again, a watch when something is handed in."""
    made = results.made(results.path(order.out, order.unit.name, student))
    return made is not None and made.status == "not-graded"


def _counted(outcome: Outcome) -> int | None:
    """The gradebook's count of its changes, where it holds all that it should."""
    return None if outcome.gradebook_error else outcome.counter


def _timely(order: Order, planned: Plan, pool: Pool) -> Iterator[Graded]:
    """What is graded and ready, without what has come too late."""
    for graded in pool.graded(wait=False):
        made = msgspec.json.decode(graded.result, type=Made)
        if not planning.is_overtaken(order, planned, graded.student, made):
            yield graded


def _free(order: Order, names: Collection[str], pool: Pool) -> list[str]:
    """Those of the names of whose work, and whose group's, none is being graded."""
    if not names or not order.unit.groups:
        return sorted(set(names) - pool.students)
    teams = attendance.teams(order)
    return sorted(name for name in names if not pool.students & set(groups.expanded(teams, [name])))


def _listening_to(arriving: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The same; while it waits for the next, it can be interrupted."""
    coming = iter(arriving)
    while True:
        with interrupts.listening():
            students = next(coming, None)
        if students is None:
            return
        yield students


class _BusyError(Exception):
    """Somebody else holds the folder."""


def _give_up(_: Holder) -> Never:
    raise _BusyError

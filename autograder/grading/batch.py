"""Grades a class: what is planned is graded in a pool and kept in batches, while nobody else writes there."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import msgspec

from autograder.errors import ClusterError, CourseError
from autograder.gradebook import results, turns
from autograder.gradebook.results import ResultFile
from autograder.grading import index, keeping
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order, Plan
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.grading.reporting import write_pages
from autograder.grading.shards import Shard
from autograder.grading.station import Graded
from autograder.records import Report

if TYPE_CHECKING:
    from filelock import BaseFileLock

_KEEP_AFTER: Final = 5.0  # seconds after which a batch that is not full is kept all the same
_LOCK: Final = ".autograder.lock"
_BY: Final = f"{_LOCK}.by"  # beside it, who holds it: whoever tries to get a lock empties its own file
_PASSING: Final = 2.0  # seconds for which another part may hold what it begins under, before anyone is told

Holder: TypeAlias = Literal[
    "run", "watch", "command"
]  # a run grades, a watch does between pauses, others change
Waiting: TypeAlias = Callable[[Holder], None]  # called with who is waited for


@contextlib.contextmanager
def alone(
    out: Path, waiting: Waiting, shard: Shard | None = None, by: Holder = "run", patience: float = 0.0
) -> Iterator[None]:
    """Holds the course folder for one run; another waits its turn, after `waiting` was called once `patience`, in seconds, is over.

    Runs of several parts of a class hold it together, and a run of a whole class waits until none of them is left.
    Raises CourseError where this user may not write in it, as in a folder that another instructor graded in alone.
    """
    from filelock import FileLock

    with contextlib.ExitStack() as held, _writable(out):
        out.mkdir(parents=True, exist_ok=True)
        whole = FileLock(out / _LOCK)

        def told() -> None:
            waiting(_holder(out))

        if shard is not None:
            _hold_part(whole, FileLock(out / f"{_LOCK}-{shard.number}-of-{shard.of}"), told, held)
        else:
            held.enter_context(turns.held(whole, told, patience))
            held.callback((out / _BY).unlink, missing_ok=True)
            with contextlib.suppress(OSError):  # on a full disk the run says later what it could not keep
                (out / _BY).write_text(by)
            # Parts begin under that lock alone, so from here on they only become fewer.
            for one in sorted(out.glob(f"{_LOCK}-*")):
                held.enter_context(turns.held(FileLock(one), told))
                one.unlink(missing_ok=True)
        until_the_end = held.pop_all()
    with until_the_end:
        yield


def _holder(out: Path) -> Holder:
    """Who holds the course folder, where that is said: parts say nothing, and are runs."""
    try:
        said = (out / _BY).read_text("utf-8", "replace")
    except OSError:
        said = ""
    return next((one for one in get_args(Holder) if one == said), "run")


def _hold_part(
    whole: BaseFileLock, part: BaseFileLock, waiting: Callable[[], None], until: contextlib.ExitStack
) -> None:
    """Holds the lock of a part, got while no run of the whole class was there; nothing is held while it waits."""
    from filelock import Timeout

    while True:
        with turns.held(whole, waiting, _PASSING), contextlib.suppress(Timeout):
            part.acquire(timeout=0)
            until.callback(part.release)
            return
        with turns.held(part, waiting):
            pass


@contextlib.contextmanager
def _writable(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        mend = "name a folder that can be made and written in with --out"
        if isinstance(error, PermissionError):
            mend = (
                f"in a folder of several instructors, let the group write (chmod -R g+rwX {out}), or {mend}"
            )
        raise CourseError(
            f"{error.filename or out}: {error.strerror}: grading writes there; {mend}"
        ) from None


def grade(
    order: Order,
    planned: Plan,
    progress: Callable[[ResultFile], None],
    pool: Pool | None = None,
    ahead: Mapping[str, Report] = MappingProxyType({}),
) -> Outcome:
    """Does what was planned, and calls `progress` with every result as it comes.

    `ahead` are reports that were read already, by student: those that do not change are not read again.
    A KeyboardInterrupt passes through once the finished work is kept. Raises AutograderError where results cannot
    be written; a gradebook that cannot be is told in the outcome.
    """
    if pool is None:
        with Pool(Processes(order.course, order.unit, order.jobs)) as own:
            return grade(order, planned, progress, own, ahead)
    outcome = Outcome(planned)
    ahead = {student: ahead[student] for student in planned.unchanged if student in ahead}
    pool.add(planned.to_grade)
    if not order.dry_run and order.shard is None:
        keeping.catch_up(order, outcome)
        if planned.to_grade:
            keeping.get_ready()
    try:
        take(order, pool.graded(), outcome, progress)
    except (KeyboardInterrupt, ClusterError):
        _finish(order, outcome, ahead)
        raise
    _finish(order, outcome, ahead)
    return outcome


def _finish(order: Order, outcome: Outcome, ahead: Mapping[str, Report]) -> None:
    if not order.dry_run and order.shard is None:
        outcome.class_page = write_pages(order, outcome.plan, ahead)
        if not outcome.gradebook_error:
            index.keep(order, outcome)


def take(
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
            outcome.tally.add(result)
            since = since if batch else time.monotonic()
            batch.append(graded)
            if len(batch) >= keeping.BATCH or time.monotonic() - since >= _KEEP_AFTER:
                keeping.keep(order, batch, outcome)
            progress(result)
    except (KeyboardInterrupt, ClusterError):
        keeping.keep(order, batch, outcome)
        raise
    keeping.keep(order, batch, outcome)

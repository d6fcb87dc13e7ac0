"""Processes of this machine that grade: each a station of its own, begun once and kept."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from autograder.errors import AutograderError
from autograder.grading.station import Graded, Station, Work
from autograder.records import Course, Unit

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor


class Processes:
    """As many processes as `jobs`; see `pool.Place`."""

    most: Final = 1
    ahead: Final = 16  # so that none idles while results are written
    all_fall: Final = True

    def __init__(self, course: Course, unit: Unit, jobs: int) -> None:
        self.unit, self.width = unit, jobs
        self._course = course
        self._executor: ProcessPoolExecutor | None = None
        self._under_way: set[Future[list[Graded]]] = set()

    @property
    def lost(self) -> type[Exception]:
        """What says that a process was ended."""
        from concurrent.futures.process import BrokenProcessPool

        return BrokenProcessPool

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        """Begins to grade these."""
        with _deaf_to_ctrl_c():  # which is this process's to handle: it keeps what is finished
            try:
                future = self._begun().submit(_grade, batch)
            except self.lost:  # one was ended while it waited for work
                self.end()
                future = self._begun().submit(_grade, batch)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def end(self) -> None:
        """Ends the processes, and what is under way with them: nobody waits for it any more."""
        if self._executor is None:
            return
        if self._under_way:
            import multiprocessing

            for process in multiprocessing.active_children():
                process.kill()
        # Once, and waited for: a pool's thread that is still ending when Python does can trip over its own pipe.
        self._executor.shutdown(cancel_futures=True)
        self._executor = None
        self._under_way.clear()

    def close(self) -> None:
        """The same: there is nothing else to close."""
        self.end()

    def _begun(self) -> ProcessPoolExecutor:
        if self._executor is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            # Fresh processes: a fork would copy whatever threads this one has in whatever state.
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self.width, context, _open, (self._course, self.unit))
        return self._executor


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that are started meanwhile do not hear it; this one hears it afterwards."""
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which would let it through again, once it has started a process of its own
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


# ----------------------------------------------------------------------------------------- in each process

_station: Station | AutograderError  # of this process


def _open(course: Course, unit: Unit) -> None:
    global _station
    try:
        _station = Station.open(course, unit)
    except AutograderError as error:  # from here it would end the pool untold
        _station = error


def _grade(batch: Sequence[Work]) -> list[Graded]:
    if isinstance(_station, AutograderError):
        raise _station
    return [graded for work in batch for graded in _station.grade(work)]

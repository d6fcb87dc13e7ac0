"""Processes of this machine that grade: each a station of its own, begun once and kept."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from autograder import interrupts
from autograder.errors import AutograderError, SandboxError
from autograder.grading.station import Graded, Station, Work
from autograder.records import Course, Level, Unit

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.sharedctypes import Synchronized

    from autograder.grading.spawned import Spawned

_TRIES: Final = 2  # to learn how well a process locks in


class Processes:
    """As many processes as `jobs`; see `pool.Place`."""

    most: Final = 8  # few enough that a page does not wait long for the others
    ahead: Final = 4  # so that none idles while results are written
    all_fall: Final = True

    def __init__(
        self, course: Course, unit: Unit, jobs: int, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """What is due `meanwhile` is done here while the first process starts."""
        self.unit, self.width = unit, jobs
        self._course, self._meanwhile = course, meanwhile
        self._first: Future[Level] | None = None
        self._executor: ProcessPoolExecutor | None = None
        self._spawned: Spawned  # the executor's processes
        self._under_way: set[Future[list[Graded]]] = set()

    @property
    def lost(self) -> type[Exception]:
        """What says that a process was ended."""
        from concurrent.futures.process import BrokenProcessPool

        return BrokenProcessPool

    def begin(self) -> None:
        """Starts the first of the processes, if none was."""
        if self._first is None:
            with _deaf_to_ctrl_c():
                self._first = self._begun().submit(_level)

    @property
    def level(self) -> Level:
        """How well the first of the processes locks student code in.

        One that is ended before it can say so has another in its place; SandboxError where that is ended too.
        """
        self.begin()
        self._meanwhile()
        for _ in range(_TRIES):
            self.begin()
            assert self._first is not None
            try:
                with interrupts.listening():
                    return interrupts.result(self._first)
            except self.lost:
                self.end()
                self._first = None
        raise SandboxError("the process that was to grade was ended from outside, twice")

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
        if self._under_way or not (self._first is None or self._first.done()):
            self._spawned.kill()
        # Once, and waited for: a pool's thread that is still ending when Python does can trip over its own pipe.
        self._executor.shutdown(cancel_futures=True)
        self._executor = None
        self._under_way.clear()

    def close(self) -> None:
        """The same: there is nothing else to close."""
        self.end()

    def _begun(self) -> ProcessPoolExecutor:
        if self._executor is None:
            from concurrent.futures import ProcessPoolExecutor

            from autograder.grading.spawned import Spawned

            self._spawned = Spawned()
            processors = _processors()
            # With fewer, whoever else is at work on this machine might have to share while others idle.
            turn = self._spawned.Value("l", 0) if self.width >= len(processors) > 1 else None
            given = (self._course, self.unit, processors, turn)
            self._executor = ProcessPoolExecutor(self.width, self._spawned, _open, given)
        return self._executor


def _processors() -> list[int]:
    """The processors that this process may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


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


def _open(course: Course, unit: Unit, processors: Sequence[int], turn: Synchronized[int] | None) -> None:
    """Opens the station of this process, on the processor whose turn it is where turns are taken."""
    global _station
    processor: int | None = None
    if turn is not None:
        with turn.get_lock():
            processor = processors[turn.value % len(processors)]
            turn.value += 1
    try:
        _station = Station.open(course, unit, processor=processor)
    except AutograderError as error:  # from here it would end the pool untold
        _station = error


def _opened() -> Station:
    if isinstance(_station, AutograderError):
        raise _station
    return _station


def _level() -> Level:
    return _opened().level


def _grade(batch: Sequence[Work]) -> list[Graded]:
    return [graded for work in batch for graded in _opened().grade(work)]

"""Hands out what is to be graded, to processes of this machine or to those of a cluster, and hands on what comes back.

What only grading needs is imported where it begins: a run that finds nothing to do starts without it. Where a process or
a machine is lost, its work is done again; what seems to end whoever grades it costs itself alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from autograder import interrupts
from autograder.grading import station
from autograder.grading.station import Graded, Work
from autograder.records import Level, Unit

if TYPE_CHECKING:
    from concurrent.futures import Future

    from autograder.notebook.places import HandedIn


class Place(Protocol):
    """Where submissions of one unit are graded."""

    @property
    def unit(self) -> Unit:
        """The unit that is graded there."""

    @property
    def width(self) -> int:
        """How many batches are graded at the same time."""

    @property
    def most(self) -> int:
        """How many pieces of work make a batch, at most."""

    @property
    def ahead(self) -> int:
        """How many batches are handed out for each that is graded, that one included."""

    @property
    def lost(self) -> type[Exception]:
        """What a batch raises whose grader was ended; perhaps the batch did it."""

    @property
    def all_fall(self) -> bool:
        """Whether all that is under way is lost with it, and anything of it may have done it."""

    def begin(self) -> None:
        """Gets ready to grade, without waiting until it is."""

    @property
    def level(self) -> Level:
        """How well student code is locked in there, waited for."""

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        """Begins to grade a batch."""

    def end(self) -> None:
        """Gives up what is under way."""

    def close(self) -> None:
        """Gives up what is under way, and leaves nothing behind."""


class Pool:
    """Grades submissions in a place. A context manager, which closes it; not for threads."""

    def __init__(self, place: Place) -> None:
        self._place: Final = place
        self._waiting: deque[Work] = deque()  # and not handed out yet
        self._running: dict[
            Future[list[Graded]], list[Work]
        ] = {}  # in the order in which they were handed out

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._place.close()

    @property
    def students(self) -> frozenset[str]:
        """Whose submissions are not graded yet."""
        under_way = (work for batch in self._running.values() for work in batch)
        return frozenset(
            one.student for works in (under_way, self._waiting) for work in works for one in work
        )

    @property
    def is_ready(self) -> bool:
        """Whether `graded` has something to give without waiting."""
        return any(future.done() for future in self._running)

    def add(self, work: Sequence[HandedIn]) -> None:
        """Begins to grade these, after those that are there already; what several have handed in together, once."""
        self._waiting += station.pieces(work)
        self._fill()

    def graded(self, *, wait: bool = True) -> Iterator[Graded]:
        """What is graded as each is ready, until nothing is left, or without `wait` until nothing more is ready.

        A process that dies costs one submission alone. Raises CourseError where the graders do not hold together,
        SandboxError where no sandbox can be had, ClusterError where a cluster is lost.
        """
        while self._running or self._waiting:
            self._fill()
            if wait:
                with interrupts.listening():
                    ready = interrupts.finished(self._running)
            else:
                ready = {future for future in self._running if future.done()}
            if not ready:
                return
            for future in ready:
                if future not in self._running:  # it fell with another
                    continue
                try:
                    graded = future.result()
                except self._place.lost:
                    yield from self._found_out(future)
                    continue
                del self._running[future]
                self._fill()
                yield from graded

    def _fill(self) -> None:
        place = self._place
        while self._waiting and len(self._running) < place.width * place.ahead:
            # The last ones are shared out, so that none idles while another has many left.
            size = min(place.most, max(1, len(self._waiting) // (2 * place.width)))
            batch = [self._waiting.popleft() for _ in range(size)]
            self._running[place.submit(batch)] = batch

    def _found_out(self, lost: Future[list[Graded]]) -> Iterator[Graded]:
        """What is graded one at a time, to see which of it ends whoever grades it."""
        suspects = self._running[lost]
        if self._place.all_fall:
            # One of the batches that came first did it, of those that were not graded yet: the others were waiting.
            running = self._running
            self._running = {one: batch for one, batch in running.items() if _is_whole(one)}
            batches = [batch for one, batch in running.items() if one not in self._running]
            first, others = batches[: self._place.width], batches[self._place.width :]
            suspects = [work for batch in first for work in batch]
            self._waiting.extendleft(reversed([work for batch in others for work in batch]))
            self._place.end()
        else:
            del self._running[lost]
        for suspect in suspects:
            yield from self._alone(suspect)

    def _alone(self, suspect: Work) -> Sequence[Graded]:
        try:
            grading = self._place.submit([suspect])
            with interrupts.listening():
                return interrupts.result(grading)
        except self._place.lost:
            if self._place.all_fall:
                self._place.end()
        return station.ended_from_outside(self._place.unit, suspect)


def _is_whole(future: Future[list[Graded]]) -> bool:
    """Whether a batch was graded."""
    return future.done() and not future.cancelled() and future.exception() is None

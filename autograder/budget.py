"""What one submission may take: of its own processes, waiting included, and of this side's time for it.

Every child ends in its own time, and every reader of students' text takes linear time. A budget is for what these add up
to, and for what nobody thought of: it ends in a result for that student alone. This side's time is its CPU time, by a
timer of the kernel, whose signal raises `SpentError` wherever this side is, but not while it talks to a child, which
has limits of its own. The children's is counted by `sandbox/locked.py`.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol


class SpentError(BaseException):
    """This side's time for one submission is up; no Exception, as who handles those goes on."""


class _Closable(Protocol):
    def close(self) -> object:
        """Ends what is open, if it still is."""


@dataclass
class Budget:
    """What is left for one submission."""

    seconds: float
    taken: float = 0.0  # by children that have ended: CPU time and idling, and no waiting for a turn
    is_over: bool = False
    stood_still: bool = False  # a child did nothing for too long, which does not count once
    opened: list[_Closable] = field(default_factory=list)  # to be closed with it, should nobody have
    _held: int = 0
    _due: bool = False

    def refuse(self) -> None:
        """Raises SpentError once this side's time is up, where what it ended did not pass that on."""
        if self._due:
            raise SpentError

    def accept(self) -> None:
        """From here on the time that is up ends nothing more: what is left to do is little."""
        self._due = False

    def strike(self, number: int, frame: FrameType | None) -> None:
        """The timer's signal."""
        self.is_over = self._due = True
        if not self._held:
            raise SpentError

    def settle(self) -> None:
        """What counts is known: from here on nothing is ended but what is `endable`."""
        self._held += 1

    @contextlib.contextmanager
    def endable(self) -> Iterator[None]:
        """A block that is still ended after that, with SpentError."""
        self._held -= 1
        try:
            yield
        finally:
            self._held += 1

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """A block that is not ended in the middle, but where it ends."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if not self._held:
            self.refuse()


_current: ContextVar[Budget | None] = ContextVar("the budget of the submission at hand", default=None)


def current() -> Budget | None:
    """The budget of the submission that is being graded, where there is one."""
    return _current.get()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """A block that no budget ends in the middle: what is open in it would be lost."""
    budget = current()
    with budget.held() if budget is not None else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def of(seconds: float) -> Iterator[Budget]:
    """A block for one submission; SpentError where this side takes more seconds of CPU time for it.

    Only the main thread has a timer; in any other, the children alone are counted.
    """
    budget = Budget(seconds)
    token = _current.set(budget)
    try:
        with _timer(budget):
            yield budget
    finally:
        _current.reset(token)
        for one in budget.opened:
            one.close()


@contextlib.contextmanager
def _timer(budget: Budget) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, budget.strike)
    signal.setitimer(signal.ITIMER_PROF, budget.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

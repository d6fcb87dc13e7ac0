"""How long an author's own code may take on this side, where nothing locks it in: what never ends is told, with what was done.

It is counted in CPU time, by a timer of the kernel whose signal raises wherever this side is. Where a submission is graded,
its budget counts instead; as much as that may be taken here, and a minute in any case.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from autograder import budget
from autograder.course.modules import PACKAGE
from autograder.errors import CourseError

LEAST = 60.0  # seconds of CPU time that an author's code may always take for one thing
_AGAIN = 1.0  # seconds after which it is raised once more, should an author's own `except:` have taken it


class TooLongError(BaseException):
    """No Exception, as who handles those goes on."""


class _Allowed:
    """What the course that was loaded last allows, as `solutions` means that one's."""

    seconds = LEAST


_doing: list[str] = []


def allow(seconds: float) -> None:
    """From here on an author's code may take so many seconds of CPU time for one thing, where that is more than little."""
    _Allowed.seconds = max(LEAST, seconds)


@contextlib.contextmanager
def within(doing: str) -> Iterator[None]:
    """A block that runs an author's code, in words such as "the cases of 'f' are drawn".

    CourseError says what all such blocks were doing where the outermost takes too long. Threads that are not the main one, and
    systems without such timers, wait.
    """
    here = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not here or budget.current() is not None:
        yield
        return
    depth = len(_doing)
    _doing.append(doing)
    try:
        if depth:
            yield
        else:
            with _timed(_Allowed.seconds):
                yield
    finally:
        del _doing[depth:]


@contextlib.contextmanager
def _timed(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _strike)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    except TooLongError as late:
        raise CourseError(str(late)) from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _at(frame: FrameType | None) -> str:
    """Where an author's own code is, as far as it is seen."""
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if f"/{PACKAGE}/" in file.as_posix():
            return f" ({file.name}, line {frame.f_lineno})"
        frame = frame.f_back
    return ""


def _strike(number: int, frame: FrameType | None) -> None:
    """The timer's signal."""
    raise TooLongError(
        f"{', '.join(_doing)}{_at(frame)}: not done after {_Allowed.seconds:g} s of CPU time: does it end?"
        " (more is allowed by submission_seconds of limits in course.toml)"
    )

"""One at a time: whoever changes a file of the course waits until nobody else is in the midst of it.

What reads a file, changes it and writes it again would else lose what another command has written in between. The
system lets go of a lock when its holder ends, however it ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder import interrupts
from autograder.errors import CourseError

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK: Final = ".autograder-changes.lock"
_MODE: Final = 0o660  # who shares a folder with its group shares this too
_PASSING: Final = 2.0  # seconds for which others may be at it before anyone is told


@contextlib.contextmanager
def changing(root: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds what instructors keep in the course folder `root`: its text files, roster, course.toml and downloads.

    Another command waits its turn, after `waiting` has been called; one that holds it already goes on. CourseError
    where this user may not write in the folder.
    """
    from filelock import FileLock

    lock = FileLock(root.resolve() / LOCK, mode=_MODE, is_singleton=True)
    with contextlib.ExitStack() as until_the_end:
        try:
            until_the_end.enter_context(held(lock, waiting, _PASSING))
        except OSError as error:
            raise CourseError(
                f"{error.filename or root / LOCK}: {error.strerror}: nothing is changed; see to it that {root} can be "
                "written, by each of several instructors"
            ) from None
        yield


@contextlib.contextmanager
def held(lock: BaseFileLock, waiting: Callable[[], None], patience: float = 0.0) -> Iterator[None]:
    """Holds a lock; where another does for longer than `patience`, in seconds, waits for it after `waiting` was called."""
    from filelock import Timeout

    try:
        with interrupts.listening():
            lock.acquire(timeout=patience)
    except Timeout:
        waiting()
        with interrupts.listening():
            lock.acquire()
    try:
        yield
    finally:
        lock.release()

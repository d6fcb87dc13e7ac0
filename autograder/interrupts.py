"""Ctrl-C and the end of a service, taken where nothing is half done.

Python raises a KeyboardInterrupt wherever it happens to be: while a process is being started, which then belongs to
nobody; or in a callback, as imports have them, where it is printed as ignored, and lost. So `held_back` notes that one
came, and `wanted` and `listening` are the places at which it is raised. Who asks twice is not made to wait. One that a
callback has lost all the same comes again.

A signal that comes right before a thread goes to sleep, or is taken by another thread, does not wake it. So what waits for
other threads or processes does so by `finished` or `result`, which look up now and then.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Final, TypeVar

from autograder.errors import SandboxError

if TYPE_CHECKING:
    from concurrent.futures import Future

_Result = TypeVar("_Result")
_LOOK_UP_SECONDS: Final = 0.25
_SOON: Final = 0.05  # seconds after which a callback has ended
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class _Noted:
    """A handler that notes the first signal, and raises it where someone listens; the second it raises at once."""

    def __init__(self) -> None:
        self.came = False
        self.heard = False
        self.listening = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        again, self.came = self.came, True
        if self.listening or again:
            self.raise_it()

    def raise_it(self) -> None:
        self.heard = True
        raise KeyboardInterrupt


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Both are a KeyboardInterrupt at once, in whatever way the command was started.

    A script's shell starts what is to run in its background deaf to Ctrl-C, and Python leaves it so.
    """
    with _handled_by(signal.default_int_handler):
        yield


@contextlib.contextmanager
def without_a_word() -> Iterator[None]:
    """Both end this process as they end any other: where nothing has begun yet, a traceback tells nobody anything."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # a script's shell has it deaf, or somebody else sees to it
        return
    with _handled_by(signal.SIG_DFL):
        yield


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Both are a KeyboardInterrupt where `listening` or `wanted` is called within, or at the end.

    A sandbox that breaks after one came, broke by it: a terminal tells its processes, too.
    """
    noted = _Noted()
    with _handled_by(noted):
        try:
            yield
        except SandboxError:
            if not noted.came or noted.heard:
                raise
    if noted.came and not noted.heard:
        noted.raise_it()


@contextlib.contextmanager
def listening() -> Iterator[None]:
    """While this waits, and has nothing half done, it can be interrupted."""
    noted = _noted()
    if noted is None:
        yield
        return
    wanted()
    noted.listening = True
    try:
        yield
    finally:
        noted.listening = False


def finished(running: Collection[Future[_Result]]) -> set[Future[_Result]]:
    """Those that are done, once one of them is; until then, a signal is heeded."""
    from concurrent import futures

    while True:
        done = futures.wait(running, _LOOK_UP_SECONDS, return_when=futures.FIRST_COMPLETED).done
        if done:
            return done


def result(running: Future[_Result]) -> _Result:
    """What comes of it, or the exception it ends with; until then, a signal is heeded."""
    finished([running])
    return running.result()


def wanted() -> None:
    """Raises the KeyboardInterrupt that was held back, if one was and has not been raised yet."""
    noted = _noted()
    if noted is not None and noted.came and not noted.heard:
        noted.raise_it()


def _noted() -> _Noted | None:
    """What holds back in this thread; None where nothing does."""
    handler = signal.getsignal(signal.SIGINT)
    return handler if isinstance(handler, _Noted) and _hears() else None


def _hears() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _handled_by(handler: object) -> Iterator[None]:
    if not _hears():
        yield
        return
    before = [signal.signal(number, handler) for number in _SIGNALS]  # type: ignore[arg-type]
    told, sys.unraisablehook = sys.unraisablehook, _once_more(sys.unraisablehook)
    try:
        yield
    finally:
        sys.unraisablehook = told
        for number, handled in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handled)


def _once_more(tell: Callable[[sys.UnraisableHookArgs], object]) -> Callable[[sys.UnraisableHookArgs], None]:
    """What has a KeyboardInterrupt that a callback has lost come again, and tells of all else that is lost."""

    def hook(lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_type is KeyboardInterrupt and _hears():
            threading.Timer(_SOON, signal.raise_signal, [signal.SIGINT]).start()
        else:
            tell(lost)

    return hook

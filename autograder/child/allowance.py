"""How far a call may run: in lines of Python, the same on every machine however busy it is, or by the clock between lines."""

from __future__ import annotations

import contextlib
import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any


class TooManyStepsError(BaseException):
    """A call ran more lines than it may; no Exception, as who handles those goes on."""


@contextlib.contextmanager
def of_lines(most: int) -> Iterator[None]:
    """A block that ends with TooManyStepsError once it has run `most` lines of student code.

    What a single line takes in C is not counted.
    """
    left = most

    def step() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooManyStepsError(f"ran more than {most} lines")

    with _at_each_line(step, lambda frame: frame.f_code.co_filename.startswith("<cell ")):
        yield


@contextlib.contextmanager
def of_seconds(most: float, variables: dict[str, Any]) -> Iterator[None]:
    """A block that ends with TooManyStepsError at the first line of these variables' code after `most` seconds.

    It takes no thread and no signal. A single line that never ends is not stopped.
    """
    end = time.monotonic() + most

    def step() -> None:
        if time.monotonic() > end:
            raise TooManyStepsError(f"took longer than {most:g} s")

    with _at_each_line(step, lambda frame: frame.f_globals is variables):
        yield


@contextlib.contextmanager
def _at_each_line(step: Callable[[], None], counts: Callable[[types.FrameType], bool]) -> Iterator[None]:
    """Calls `step` before each line of the code that counts."""

    def stepped(frame: types.FrameType, event: str, arg: Any) -> Any:
        step()
        return stepped

    def called(frame: types.FrameType, event: str, arg: Any) -> Any:
        return stepped(frame, event, arg) if counts(frame) else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)

"""How far a call may run, counted in lines of Python: the same on every machine, however busy it is."""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Iterator
from typing import Any


class TooManyStepsError(BaseException):
    """A call ran more lines than it may; no Exception, as who handles those goes on."""


@contextlib.contextmanager
def of_lines(most: int) -> Iterator[None]:
    """A block that ends with TooManyStepsError once it has run `most` lines of student code.

    What a single line takes in C is not counted.
    """
    left = most

    def step(frame: types.FrameType, event: str, arg: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooManyStepsError(f"ran more than {most} lines")
        return step

    def called(frame: types.FrameType, event: str, arg: Any) -> Any:
        return step(frame, event, arg) if frame.f_code.co_filename.startswith("<cell ") else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)

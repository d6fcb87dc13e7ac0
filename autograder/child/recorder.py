"""Writes down the arrays that the lines of one function make, as it runs.

It runs where the student's code runs: in a child, or in the notebook's own kernel where no child can be had. What
it records may be forged there, and decides nothing (`trace.py`).
"""

from __future__ import annotations

import contextlib
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from autograder.child import messages, packing

MOST_LINES: Final = 2000  # after them a function runs on untraced, at its own speed


class Recorder:
    """Writes down the arrays that the lines of one function make, while it is the context; bounded in all ways."""

    def __init__(self, function: Any) -> None:
        self.values: list[messages.TracedData] = []
        self._code = getattr(unwrapped(function), "__code__", None)
        self._before: Any = None  # what traced until then: a debugger, or what measures coverage
        self._line = 0  # that is running
        self._seen: dict[str, bytes] = {}  # the arrays as the lines before left them
        self._written: set[tuple[int, str]] = set()
        self._made: dict[str, int] = {}  # by name, the line that made what it holds; 0: not known
        self._lines_left = MOST_LINES

    def __enter__(self) -> Recorder:
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _called(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        if frame.f_code is not self._code or self._line:  # another one, or the same inside itself
            return None
        self._line = frame.f_lineno
        self._seen = {name: value.tobytes() for name, value in _small_arrays(frame.f_locals)}
        return self._stepped

    def _stepped(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            return self._stepped
        blind = not frame.f_trace_lines
        for name, value in _small_arrays(frame.f_locals):
            data = value.tobytes()
            if self._seen.get(name) != data:
                self._seen[name] = data
                if blind:
                    self._made.setdefault(name, 0)
                else:
                    self._made[name] = self._line
                    self._write(name, value)
        if not blind:
            self._line = frame.f_lineno
            self._lines_left -= 1
        if event == "return":
            self._returned(frame, arg, frame.f_lineno)
        elif self._lines_left <= 0 or len(self.values) >= messages.MAX_TRACED - messages.MAX_HELD:
            frame.f_trace_lines = False  # it runs on at its own speed; what it returns is still looked at
        return self._stepped

    def _returned(self, frame: types.FrameType, arg: Any, line: int) -> None:
        """Writes down what comes back from a line, and what the variables hold then that the function made."""
        self._line = line
        parts = enumerate(arg) if isinstance(arg, tuple | list) and len(arg) <= messages.MAX_PARTS else ()
        returned = {"return": arg} | {f"return[{place}]": part for place, part in parts}
        for name, value in _small_arrays(returned):
            self._write(name, value)
        held = [(name, value) for name, value in _small_arrays(frame.f_locals) if name in self._made]
        for name, value in held[: messages.MAX_HELD]:
            made = self._made[name] if self._made[name] <= messages.MAX_LINE else 0
            self.values.append(
                messages.TracedData(made, messages.clip(name), packing.pack_array(value), held=True)
            )

    def _write(self, name: str, value: np.ndarray[Any, Any]) -> None:
        place = (self._line, name)  # in a loop a line comes again: once is enough
        if (
            len(self.values) < messages.MAX_TRACED - messages.MAX_HELD
            and 0 < self._line <= messages.MAX_LINE
            and place not in self._written
        ):
            self._written.add(place)
            self.values.append(
                messages.TracedData(self._line, messages.clip(name), packing.pack_array(value))
            )


def _small_arrays(values: dict[str, Any]) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    for name, value in values.items():
        if (
            type(value) is np.ndarray
            and value.dtype.kind in "biuf"
            and value.size <= messages.MAX_TRACED_SIZE
        ):
            yield name, value


def codes(subject: Any) -> list[types.CodeType]:
    """The code of a function, or of the methods of a class in their order; none of anything else."""
    parts = list(vars(subject).values()) if isinstance(subject, type) else [subject]
    found = [getattr(unwrapped(getattr(part, "fget", part)), "__code__", None) for part in parts]
    return [code for code in found if isinstance(code, types.CodeType)]


def unwrapped(function: Any) -> Any:
    """The student's own function behind decorators that say what they wrap."""
    with contextlib.suppress(ValueError):
        return inspect.unwrap(function)
    return function

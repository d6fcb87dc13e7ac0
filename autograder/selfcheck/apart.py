"""A call in the running kernel as one in a process of its own: nobody reads what it prints, and nobody types.

A print in a loop that never ends would fill the notebook until the page stands still, and a browser's `input` waits for
ever. A browser's Python also ends without a word where calls go too deep for the browser, which Python does not know of.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Final

_DEEPER: Final = 400  # calls within calls, where a browser bears some five hundred


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """A block whose output and warnings go nowhere, in which `input` finds its end at once and no call goes too deep."""
    asks, types, depth = builtins.input, sys.stdin, sys.getrecursionlimit()
    nothing = io.TextIOWrapper(io.BufferedWriter(_Nowhere()), encoding="utf-8", errors="replace")
    with (
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
        warnings.catch_warnings(),  # which forgets what was warned of: it is news where the student calls
    ):
        builtins.input, sys.stdin = _nobody_types, io.StringIO()
        if sys.platform == "emscripten":
            here = sum(1 for _ in traceback.walk_stack(None))
            sys.setrecursionlimit(min(depth, here + _DEEPER))
        try:
            yield
        finally:
            sys.setrecursionlimit(depth)
            builtins.input, sys.stdin = asks, types


class _Nowhere(io.RawIOBase):
    """Takes all and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return memoryview(data).nbytes  # type: ignore[arg-type]  # all that can be written is bytes


def _nobody_types(prompt: object = "", /) -> str:
    raise EOFError("EOF when reading a line")

"""What `get_ipython()` gives a cell, where its magics have become calls of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MAGICS_THAT_RUN_PYTHON = {"time", "timeit", "capture", "prun"}


class Shell:
    """Magics do no harm, and those that run their cell still do; `execute` runs source as a part of the cell that runs."""

    def __init__(self, execute: Callable[[str], None]) -> None:
        self._execute = execute

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        """`%%time` and its like run the cell; others do nothing."""
        if name in _MAGICS_THAT_RUN_PYTHON:
            self._execute("\n" + body)  # the magic's own line counts

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> None:
        """`%time` and its like run the rest of the line; others do nothing."""
        if name in _MAGICS_THAT_RUN_PYTHON:
            self._execute(line)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None

"""What `get_ipython()` gives a cell, where its magics have become calls of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.celltext import MAGICS_THAT_RUN_PYTHON

# As `%pylab` does, which keeps Python's own where NumPy has others of the same name.
_PYLAB = """
import builtins as _builtins
import numpy, matplotlib
from matplotlib import pyplot, mlab, pylab
from numpy import *
from numpy.fft import *
from numpy.random import *
from numpy.linalg import *
import datetime
np, plt = numpy, pyplot
for _name in ("abs", "bool", "bytes", "max", "min", "pow", "round"):
    globals()[_name] = getattr(_builtins, _name)
for _name in (
    "axis bar cla clf close colorbar figure fill_between gca gcf grid hist imshow legend matshow pcolormesh plot"
    " savefig scatter show subplot subplots suptitle text tight_layout title xlabel xlim xticks ylabel ylim yticks"
).split():
    globals()[_name] = getattr(plt, _name)
"""


class Shell:
    """Magics do no harm, and those that run their cell still do; `execute` runs source as a part of the cell that runs."""

    def __init__(self, execute: Callable[[str], None]) -> None:
        self._execute = execute

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        """`%%time` and its like run the cell; others do nothing."""
        if name in MAGICS_THAT_RUN_PYTHON:
            self._execute("\n" + body)  # the magic's own line counts

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> None:
        """`%time` and its like run the rest of the line, `%pylab` binds what it does; others do nothing."""
        if name in MAGICS_THAT_RUN_PYTHON:
            self._execute(line)
        elif name == "pylab":
            self._execute(_PYLAB)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None

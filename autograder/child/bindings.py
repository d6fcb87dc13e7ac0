"""What the names of a notebook stand for once all cells have run: a later cell may have taken one for something else.

The last `def` of a graded function counts, whatever its name is bound to after it. All other names are as the whole
notebook left them or, where the trusted side asks for that, as they stood when the function's own cell had run.
"""

from __future__ import annotations

import builtins
import contextlib
import types
from collections.abc import Callable
from typing import Any

from autograder.child import cells
from autograder.child.messages import CellData, Program


class Bindings:
    """The notebook's variables and what they were; `run` runs a piece of a cell among them."""

    def __init__(
        self, program: Program, variables: dict[str, Any], run: Callable[[types.CodeType], None]
    ) -> None:
        self._program, self._variables, self._run = program, variables, run
        self._defined: dict[str, Any] = {}
        self._stood: dict[str, Any] | None = None

    def keep(self, cell: CellData) -> None:
        """Takes note of what a cell that has just run has defined."""
        here = [name for name, index in self._program.definitions.items() if index == cell.index]
        for name in here:
            if callable(function := self._function(cell, name)):
                self._defined[name] = function
        if self._program.function in here and self._program.as_it_stood:
            self._stood = dict(self._variables)

    def settle(self) -> None:
        """Gives the names back what counts, once all cells have run."""
        if self._stood is not None:
            for name in [name for name in self._variables if hasattr(builtins, name)]:
                del self._variables[name]
            self._variables.update(self._stood)
        self._variables.update(self._defined)

    def _function(self, cell: CellData, name: str) -> Any:
        """The function that a cell defines, also where its name is something else by the end of the cell."""
        at_the_end = self._variables.get(name)
        if callable(at_the_end):
            return at_the_end
        with contextlib.suppress(BaseException):
            self._run(cells.definition(cell, name))
        found = self._variables.get(name)
        if at_the_end is not None:  # what comes after it works with that
            self._variables[name] = at_the_end
        return found

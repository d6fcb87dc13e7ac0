"""Runs cells as Jupyter would, among variables of their own: magics, modules that are not there, a `__main__` of theirs."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import sys
import types
from collections.abc import Collection, Mapping
from typing import Any

from autograder.child import cells
from autograder.child.absent import AbsentModules
from autograder.child.shell import Shell


class Interpreter:
    """A notebook's variables, and what runs code among them.

    `sources` are the texts of the cells by the names of their files; of the modules that only show things, `real` are
    not stood in for.
    """

    def __init__(self, sources: Mapping[str, str], real: Collection[str] = ()) -> None:
        self._file_name = cells.file_of(0)  # of the cell that runs
        self.absent = AbsentModules(sources, real=real)
        sys.meta_path.insert(0, self.absent)
        # Pickling and dataclasses look a function's module up by its name.
        main = types.ModuleType("__main__")
        self.variables: dict[str, Any] = main.__dict__
        self.variables |= {"__name__": "__main__", "__builtins__": builtins}
        self.variables |= {"get_ipython": lambda: Shell(self._execute), "display": lambda *_, **__: None}
        sys.modules["__main__"] = main

    def run(self, code: types.CodeType) -> None:
        """Runs code; whatever it raises."""
        self._file_name = code.co_filename
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(types.FunctionType(code, self.variables)())
        else:
            exec(code, self.variables)

    def _execute(self, source: str) -> None:
        """Runs what a magic holds, as a part of the cell that runs."""
        self.run(cells.code_of(cells.python(source), self._file_name))


def flush() -> None:
    """Hands on what was printed: this process is ended without a chance to do so itself."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()

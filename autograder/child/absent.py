"""Modules that the grader has not, and those that only show things: stood in for, so that they cost nothing else."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

# What shows things decides no marks, takes seconds to load, and may want a folder to write to.
SHOWING = frozenset({"IPython", "matplotlib", "seaborn", "plotly", "bokeh", "altair"})


class AbsentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that the grader has not: plots must not cost a student the line `import numpy` after them."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Stands in for what shows things, and for whatever no other finder finds, asked for by a notebook itself."""
        top = name.partition(".")[0]
        if top not in self.names:
            if not _asked_by_a_cell() or (top not in SHOWING and self._found(name, path, target)):
                return None
            self.names.add(top)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def _found(self, name: str, path: Any, target: Any) -> bool:
        """Whether Python's own finders have the module, or the package it would lie in."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in sys.modules:
            return True
        others = [finder for finder in sys.meta_path if finder is not self]
        return any(finder.find_spec(name, path, target) is not None for finder in others)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module all of whose names do nothing."""
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def _asked_by_a_cell() -> bool:
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_code.co_filename:
        if frame.f_globals.get("__name__") == "importlib.util":  # find_spec: whether it is there
            return False
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith("<cell ")


class _AbsentModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Nothing:
    """Can be called, read and unpacked, and does nothing: `fig, ax = plt.subplots()` included."""

    def __call__(self, *_: Any, **__: Any) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: Any) -> _Nothing:
        return self

    def __iter__(self) -> Any:
        return iter((self, self))

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

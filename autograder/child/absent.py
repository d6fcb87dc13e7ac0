"""Modules that the grader has not, and those that only show things: stood in for, so that they cost nothing else.

An import that its own code catches fails, since what follows then is what the student meant for a machine without it.
"""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from autograder.child import cells
from autograder.child.recorder import unwrapped

# What shows things decides no marks, takes seconds to load, and may want a folder to write to.
SHOWING: Final = frozenset({"IPython", "matplotlib", "seaborn", "plotly", "bokeh", "altair"})
# By module, what in it goes through the things it is given and shows how far it has come, and what counts for itself.
_BARS: Final[Mapping[str, frozenset[str]]] = {
    "tqdm": frozenset({"tqdm", "tqdm_notebook", "tqdm_gui"}),
    "fastprogress": frozenset({"progress_bar", "master_bar"}),
    "alive_progress": frozenset({"alive_it"}),
    "progressbar": frozenset({"progressbar", "ProgressBar"}),
}
_COUNTING_BARS: Final = frozenset({"trange", "tnrange"})
# These make another function of the one they are given: without them it is not what it should be.
_TRANSFORMS: Final = frozenset(
    ("vmap", "pmap", "xmap", "vectorize", "guvectorize", "stencil", "grad", "value_and_grad", "map")
)
_IMPORT: Final = dis.opmap["IMPORT_NAME"]
_CATCHES_IMPORTS: Final = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class AbsentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that the grader has not: plots must not cost a student the line `import numpy` after them.

    `sources` are the texts of the cells by the names of their files; of what shows things, `real` is not stood in for.
    """

    def __init__(self, sources: Mapping[str, str], real: Collection[str] = ()) -> None:
        self._sources = sources
        self.showing = SHOWING - set(real)  # whose lack costs nothing
        self.names: set[str] = set()
        self._starred: set[str] = set()  # of which all names were imported, which are none

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Stands in for what shows things, and for whatever no other finder finds, asked for by a notebook itself."""
        top = name.partition(".")[0]
        if top not in self.names:
            asking = _cell_that_asks()
            if asking is None:
                return None
            if top not in self.showing and (self._found(name, path, target) or self._is_caught(asking)):
                return None
            self.names.add(top)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def lacking(self, function: Any, variables: Mapping[str, Any]) -> set[str]:
        """The absent modules that a function's code uses, and the code of what it calls; showing is no use."""
        found: set[str] = set()
        waiting, seen = [unwrapped(function)], set[types.CodeType]()
        while waiting:
            value = waiting.pop()
            if type(value) in (_Nothing, _AbsentModule):
                found.add(value.__dict__["_module"])
            elif isinstance(value, type):
                waiting += [part for part in vars(value).values() if type(part) is types.FunctionType]
            elif type(value) is types.FunctionType and value.__code__ not in seen:
                seen.add(value.__code__)
                waiting += [
                    variables[name] for name in cells.global_names(value.__code__) if name in variables
                ]
                for code in _nested(value.__code__):
                    found |= self._imported(code)
                    if self._starred and not _globals(code) <= variables.keys() | vars(builtins).keys():
                        found |= self._starred
        return found - self.showing - _BARS.keys()

    def _found(self, name: str, path: Any, target: Any) -> bool:
        """Whether Python's own finders have the module, or the package it would lie in."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in sys.modules:
            return True
        others = [finder for finder in sys.meta_path if finder is not self]
        return any(finder.find_spec(name, path, target) is not None for finder in others)

    def _is_caught(self, frame: types.FrameType | None) -> bool:
        """Whether what runs in this frame, or in one that called it, stands in a `try` that catches a failing import."""
        while frame is not None:
            source = self._sources.get(frame.f_code.co_filename)
            if source is not None and any(frame.f_lineno in lines for lines in _catching(source)):
                return True
            frame = frame.f_back
        return False

    def _imported(self, code: types.CodeType) -> set[str]:
        """The absent modules that a function's own lines import, but where that is caught."""
        if _IMPORT not in code.co_code[::2]:
            return set()
        caught = _catching(self._sources.get(code.co_filename, ""))
        tops = {
            instruction.argval.partition(".")[0]
            for instruction in dis.get_instructions(code)
            if instruction.opcode == _IMPORT
            and instruction.positions is not None
            and not any(instruction.positions.lineno in lines for lines in caught)
        }
        return {top for top in tops if top in self.names or not self._found(top, None, None)}

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module all of whose names do nothing."""
        return _AbsentModule(spec.name, self._starred)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def _cell_that_asks() -> types.FrameType | None:
    """The frame of a cell's code that imports; None where something else does, or asks whether a module is there."""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_code.co_filename:
        if frame.f_globals.get("__name__") == "importlib.util":  # find_spec: whether it is there
            return None
        frame = frame.f_back
    return frame if frame is not None and cells.number_of(frame.f_code.co_filename) is not None else None


@functools.cache
def _catching(source: str) -> tuple[range, ...]:
    """The lines of a cell on which a failing import would be caught."""
    found = []
    for node in ast.walk(ast.parse(cells.python(source))):
        match node:
            case ast.Try(body=body, handlers=handlers):
                caught = any(handler.type is None or _names_one(handler.type) for handler in handlers)
            case ast.With(items=items, body=body):
                caught = any(_suppresses(item.context_expr) for item in items)
            case _:
                continue
        if caught:
            found.append(range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1))
    return tuple(found)


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    """A function's code and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _globals(code: types.CodeType) -> set[str]:
    """The global names that a piece of code reads, and no attributes."""
    return {
        instruction.argval
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }


def _suppresses(context: ast.expr) -> bool:
    match context:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=args):
            return any(map(_names_one, args))
    return False


def _names_one(exceptions: ast.expr) -> bool:
    """Whether this names an exception that a failing import raises."""
    names = {node.id for node in ast.walk(exceptions) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(exceptions) if isinstance(node, ast.Attribute)}
    return not names.isdisjoint(_CATCHES_IMPORTS)


class _AbsentModule(types.ModuleType):
    def __init__(self, name: str, starred: set[str]) -> None:
        super().__init__(name)
        self._module, self._starred = name.partition(".")[0], starred

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # asked for by `from … import *`
            self._starred.add(self._module)
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(self._module, name)


class _Nothing:
    """Can be called, read and unpacked, and does nothing: `fig, ax = plt.subplots()` included.

    As a decorator it gives back the function that it is given, and as a progress bar the things.
    """

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *args: Any, **named: Any) -> Any:
        if self._module in _BARS:
            return self._bar(*args, **named)
        match args:
            case [types.FunctionType() | type() as only] if not named and self._name not in _TRANSFORMS:
                return only
        return self

    def _bar(self, *args: Any, **named: Any) -> Any:
        if self._name in _COUNTING_BARS:
            return _Bar(range(*args))
        if self._name in _BARS[self._module]:
            return _Bar(args[0] if args else named.get("iterable", ()))
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(self._module, name)

    def __getitem__(self, _: Any) -> _Nothing:
        return self

    def __iter__(self) -> Iterator[_Nothing]:
        return iter((self, self))

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *_: Any) -> None:
        return None


class _Bar:
    """A progress bar that shows nothing: the things themselves, and methods that do nothing."""

    def __init__(self, things: Any) -> None:
        self._things = things

    def __iter__(self) -> Iterator[Any]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None

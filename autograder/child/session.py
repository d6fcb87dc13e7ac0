"""The inside of a child: runs a notebook's cells as Jupyter would, then answers calls for one function.

Theory of operation: this process belongs to the student's code. Nothing in it is secret, nothing it says is
believed beyond "this is my answer", and it dies after one function. The trusted side's half is `worker.py`.
It runs either as a fork of the locked-in zygote, or, for self-checks, in a Python of its own.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib.abc
import importlib.machinery
import inspect
import os
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

import autograder
from autograder.child import wire
from autograder.child.cells import python
from autograder.child.recorder import Recorder, unwrapped
from autograder.child.wire import CellData, Program

_MAGICS_THAT_RUN_PYTHON = {"time", "timeit", "capture", "prun"}
_CELL_FILE = "<cell {}>"
# What shows things decides no marks, takes seconds to load, and may want a folder to write to.
_SHOWING = {"IPython", "matplotlib", "seaborn", "plotly", "bokeh", "altair"}
_REHEARSALS = 20  # Python specializes code after 8 runs, and calls and loops in it a few later
_REHEARSED = (
    "import numpy as np",
    "size = 3",
    "def f(x):\n    y = x.sum(axis=0, keepdims=True) @ x.T\n    return np.sqrt(np.abs(y)) * size",
)
# Taken before any cell has run: `np.random.seed = 1` is an honest mistake, and must not break more than itself.
_seed_numpy, _seed_python, _asarray = np.random.seed, random.seed, np.asarray


def serve(reading: int, writing: int) -> None:
    """Takes a program and then calls from `reading`, answers to `writing`, until the trusted side hangs up."""
    wire.write_message(writing, wire.Locked())
    autograder.check = lambda _: None  # type: ignore[assignment]  # it does not check itself
    program = wire.read_message(reading)
    assert isinstance(program, Program)
    notebook = _Notebook(program, reading, writing)
    notebook.run()
    while True:
        try:
            calls = wire.read_message(reading)
        except EOFError:
            return
        assert isinstance(calls, wire.Calls)
        with notebook.hiding(calls.hide):
            for call in calls.calls:
                recorder = notebook.recorder() if calls.trace else None
                with recorder or contextlib.nullcontext():
                    answer = notebook.answer(call)
                _flush()
                try:
                    wire.write_message(writing, answer)
                except (wire.WireError, UnicodeError) as error:
                    failure = wire.Failure(call.id, "ValueError", wire.clip(error), None)
                    wire.write_message(writing, failure)
                if recorder is not None:
                    wire.write_message(writing, wire.Trace(call.id, recorder.values))


def rehearse() -> None:
    """Plays conversations with itself, after which nothing is left of them.

    Python specializes the code that runs often and remembers where names were found. In a fork, whoever writes such
    a thing down copies a page of memory first: once done here, no child has to.
    """
    finders, main = sys.meta_path[:], sys.modules["__main__"]
    argument = wire.pack_argument(np.ones((3, 3)))
    program = Program([CellData(index, source, None) for index, source in enumerate(_REHEARSED)], "f", [])
    calls = wire.Calls([wire.Call(number, number, [argument]) for number in range(6)], [], False)
    for _ in range(_REHEARSALS):
        (reading, ours), (theirs, writing) = os.pipe(), os.pipe()  # which hold so little without a reader
        wire.write_message(ours, program)
        wire.write_message(ours, calls)
        os.close(ours)
        serve(reading, writing)
        for descriptor in (reading, theirs, writing):
            os.close(descriptor)
    sys.meta_path[:], sys.modules["__main__"] = finders, main


class _Notebook:
    """The student's notebook as it runs: its variables, and which cell defines the function."""

    def __init__(self, program: Program, reading: int, writing: int) -> None:
        self._program = program
        self._reading = reading
        self._writing = writing
        self.file_name = "<cell 0>"
        self._variables: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self._variables |= {"get_ipython": lambda: _Shell(self), "display": lambda *_, **__: None}
        self._absent = _AbsentModules()
        sys.meta_path.insert(0, self._absent)
        # Pickling and dataclasses look a function's module up by its name.
        main = types.ModuleType("__main__")
        main.__dict__.update(self._variables)
        self._variables = main.__dict__
        sys.modules["__main__"] = main

    def run(self) -> None:
        """Runs the cells in order, tells which one is running, and says when all are done."""
        for name in self._program.replaced:
            self._stand_in(name)
        own = {cell.index: self._compiled(cell) for cell in self._program.cells if cell.handout is None}
        wanted = {self._program.function}.union(*(_names(code) for code in own.values() if code is not None))
        for cell in needed_cells(self._program.cells, wanted):
            self._tell(cell)
            try:
                code = own.get(cell.index)
                if code is not None:
                    self._run(code)
                else:
                    self.execute(cell.source, _CELL_FILE.format(cell.index))
            except BaseException as error:
                name = wire.clip(type(error).__name__)
                said = f"{error.msg}, in line {error.lineno}" if isinstance(error, SyntaxError) else error
                wire.write_message(self._writing, wire.CellFailed(cell.index, name, wire.clip(said)))
            _flush()
            for name in self._program.replaced:
                self._stand_in(name)
        wire.write_message(self._writing, self._ready())

    def execute(self, source: str, file_name: str) -> None:
        """Runs Python source, with or without magics, in the notebook's variables."""
        self._run(_compile(source, file_name))

    def _compiled(self, cell: CellData) -> types.CodeType | None:
        """A cell of the student's own, compiled; None where it cannot be, which is told when it is its turn."""
        # One that Python's own parser trips over is to blame as if it were running.
        self._tell(cell)
        with contextlib.suppress(Exception):
            return _compile(cell.source, _CELL_FILE.format(cell.index))
        return None

    def _run(self, code: types.CodeType) -> None:
        self.file_name = code.co_filename
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(types.FunctionType(code, self._variables)())
        else:
            exec(code, self._variables)

    def answer(self, call: wire.Call) -> wire.Result | wire.Failure:
        """Calls the function once."""
        function = self._variables.get(self._program.function)
        args = [wire.unpack_argument(argument) for argument in call.args]
        _seed_numpy(call.seed)
        _seed_python(call.seed)
        try:
            value = function(*args)  # type: ignore[misc]  # not being callable is an answer too
            return wire.Result(call.id, _value_data(value), [_value_data(argument) for argument in args])
        except BaseException as error:
            name = wire.clip(type(error).__name__)
            return wire.Failure(call.id, name, wire.clip(error), self._line(error))

    def recorder(self) -> Recorder:
        """What writes down the arrays that the function's lines make."""
        return Recorder(self._variables.get(self._program.function))

    @contextlib.contextmanager
    def hiding(self, names: Iterable[str]) -> Any:
        """The notebook's variables without these."""
        hidden = {name: self._variables.pop(name) for name in names if name in self._variables}
        try:
            yield
        finally:
            self._variables.update(hidden)

    def _tell(self, cell: CellData) -> None:
        wire.write_message(self._writing, wire.Running(cell.index))

    def _ready(self) -> wire.Ready:
        function = self._variables.get(self._program.function)
        code = getattr(unwrapped(function), "__code__", None)
        cell, first_line, reads = None, 1, []
        if isinstance(code, types.CodeType):
            cell, first_line = _cell_number(code.co_filename), min(max(code.co_firstlineno, 1), wire.MAX_LINE)
            reads = [wire.clip(name) for name in _names(code) if _is_data(self._variables.get(name))]
        absent = sorted(map(wire.clip, self._absent.names - _SHOWING))
        return wire.Ready(
            callable(function), cell, first_line, reads[: wire.MAX_NAMES], absent[: wire.MAX_NAMES]
        )

    def _stand_in(self, name: str) -> None:
        """Rebinds `name` to a function that asks the trusted side; once it is rebound, nothing happens."""
        current = self._variables.get(name)
        if isinstance(current, _StandIn):
            return
        signature = None
        if callable(current):
            with contextlib.suppress(TypeError, ValueError):
                signature = inspect.signature(current)
        self._variables[name] = _StandIn(name, signature, self._ask)

    def _ask(self, name: str, args: Sequence[Any]) -> Any:
        data = [_value_data(_asarray(arg) if _is_numbers(arg) else arg) for arg in args]
        wire.write_message(self._writing, wire.Ask(name, data))
        answer = wire.read_message(self._reading)
        assert isinstance(answer, wire.Answer)
        if answer.value is None:
            raise getattr(builtins, answer.exception, ValueError)(f"{name} cannot take these inputs")
        if isinstance(answer.value, wire.PartsData):
            return tuple(wire.unpack_array(part, writable=True) for part in answer.value.parts)
        return wire.unpack_array(answer.value, writable=True)

    def _line(self, error: BaseException) -> int | None:
        """The line, within the cell that defines the function, at which it raised."""
        code = getattr(unwrapped(self._variables.get(self._program.function)), "__code__", None)
        if not isinstance(code, types.CodeType):
            return None
        lines = [
            line
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename == code.co_filename and 1 <= (line or 0) <= wire.MAX_LINE
        ]
        return lines[-1] if lines else None


class _StandIn:
    """Takes the place of a function the student wrote: its calls are answered by the trusted side."""

    def __init__(
        self, name: str, signature: inspect.Signature | None, ask: Callable[[str, Sequence[Any]], Any]
    ) -> None:
        self._name, self._signature, self._ask = name, signature, ask

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._signature is None:
            return self._ask(self._name, [*args, *kwargs.values()])
        bound = self._signature.bind(*args, **kwargs)
        given: list[Any] = []
        for name, value in bound.arguments.items():
            match self._signature.parameters[name].kind:
                case inspect.Parameter.VAR_POSITIONAL:
                    given += value
                case inspect.Parameter.VAR_KEYWORD:
                    given += value.values()
                case _:
                    given.append(value)
        return self._ask(self._name, given)


class _Shell:
    """What `get_ipython()` gives: magics do no harm, and those that run their cell still do."""

    def __init__(self, notebook: _Notebook) -> None:
        self._notebook = notebook

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        """`%%time` and its like run the cell; others do nothing."""
        if name in _MAGICS_THAT_RUN_PYTHON:
            self._notebook.execute("\n" + body, self._notebook.file_name)  # the magic's own line counts

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> None:
        """`%time` and its like run the rest of the line; others do nothing."""
        if name in _MAGICS_THAT_RUN_PYTHON:
            self._notebook.execute(line, self._notebook.file_name)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class _AbsentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that the grader has not: plots must not cost a student the line `import numpy` after them."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Stands in for what shows things, and for whatever no other finder finds, asked for by a notebook itself."""
        top = name.partition(".")[0]
        if top not in self.names:
            if not _asked_by_a_cell() or (top not in _SHOWING and self._found(name, path, target)):
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


def _compile(source: str, file_name: str) -> types.CodeType:
    # Student code may await at the top level of a cell, as Jupyter allows.
    code: types.CodeType = compile(
        python(source), file_name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
    )
    return code


def needed_cells(cells: Sequence[CellData], wanted: Iterable[str]) -> list[CellData]:
    """The cells that must run where these names are wanted.

    All that the student wrote or changed, and of the unchanged cells of the handout those that bind a name which
    is wanted or which a needed one reads. Plots, prints and checks that came with the notebook are passed over.
    """
    wanted = set(wanted)
    passed_over = {cell.index: cell.handout for cell in cells if cell.handout is not None}
    while taken := [
        index
        for index, names in passed_over.items()
        if "*" in names.binds or not wanted.isdisjoint(names.binds)
    ]:
        for index in taken:
            wanted.update(passed_over.pop(index).reads)
    return [cell for cell in cells if cell.index not in passed_over]


# ------------------------------------------------------------------------------------- looking at results


def _value_data(value: Any) -> wire.ValueData:
    """A returned object as data: arrays and sequences of arrays, of anything else only its type's name."""
    match value:
        case np.ndarray() | np.generic():
            return _array_data(_asarray(value))
        case tuple() | list() if value and all(isinstance(part, np.ndarray) for part in value):
            # Together, too: a list may hold one large array many times.
            if sum(part.nbytes for part in value) > wire.MAX_FRAME:
                return wire.OtherData(wire.clip(f"{type(value).__name__} of very large arrays"))
            parts = [_array_data(_asarray(part)) for part in value[: wire.MAX_PARTS]]
            if all(isinstance(part, wire.ArrayData) for part in parts):
                return wire.PartsData(parts)  # type: ignore[arg-type]  # narrowed by all()
        case list() if len(value) <= wire.MAX_WORDS and all(isinstance(word, str) for word in value):
            return wire.WordsData([str(word) for word in value])
    return wire.OtherData("" if value is None else wire.clip(type(value).__name__))


def _array_data(array: np.ndarray[Any, Any]) -> wire.ArrayData | wire.OtherData:
    try:
        return wire.pack_array(array)
    except wire.WireError:
        return wire.OtherData(wire.clip(f"array of {array.dtype}, shape {array.shape}"))


def _is_numbers(value: Any) -> bool:
    """Whether an argument of a replaced function is a number, or a nested list of them."""
    if isinstance(value, list | tuple):
        return not all(isinstance(part, np.ndarray | str) for part in value)
    return isinstance(value, int | float | complex)


def _is_data(value: Any) -> bool:
    """Whether a notebook variable holds data, which a function should be handed instead of reading."""
    return isinstance(value, np.ndarray | np.generic | int | float | str | list | tuple | dict)


def _names(code: types.CodeType) -> list[str]:
    """The global names that a function's code, and the functions inside it, may read."""
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _names(constant)
    return sorted(set(names))


def _cell_number(file_name: str) -> int | None:
    number = file_name.removeprefix("<cell ").removesuffix(">")
    return int(number) if number.isdecimal() and len(number) <= 6 else None


def _flush() -> None:
    """Hands on what was printed: this process is ended without a chance to do so itself."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def main() -> None:
    """Serves on standard input and output, which student code then finds closed."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    serve(reading, writing)

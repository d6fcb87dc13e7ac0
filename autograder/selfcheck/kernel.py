"""What a running Jupyter kernel knows of the student's work: the cells that were run, the function as it is now."""

from __future__ import annotations

import ast
import contextlib
import inspect
import sys
import time
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from autograder.child import allowance, given, messages, questions, spoken
from autograder.child.allowance import TooManyStepsError
from autograder.child.outlasting import Results
from autograder.child.recorder import Recorder, codes
from autograder.child.values import failure, handed_back, value_data
from autograder.errors import CourseError
from autograder.notebook import syntax
from autograder.records import Asks, Cell
from autograder.sandbox.outcomes import ChildDiedError
from autograder.selfcheck import checkfile
from autograder.selfcheck.apart import apart
from autograder.selfcheck.plain import SECONDS


def history() -> list[str]:
    """The cells run so far, as Python and in order; empty outside IPython."""
    shell = _shell()
    return list(shell.history_manager.input_hist_parsed[1:]) if shell is not None else []


def variables() -> dict[str, Any]:
    """The notebook's variables; outside IPython those of the program that runs."""
    shell = _shell()
    found: dict[str, Any] = shell.user_ns if shell is not None else vars(sys.modules["__main__"])
    return found


def not_yet(name: str, asks: Asks) -> str:
    """Why a function, a class or a variable that is to be checked is not there, and what to do."""
    begins = {"script": f"begins with `class {name}`", "variable": f"holds `{name} =`"}
    return (
        f"there is no {name} in this notebook yet: run the cell that {begins.get(asks, f'begins with `def {name}(`')},"
        " and then this one again."
        " Should that cell stop with an error, fix that first."
    )


def explain_missing_names() -> None:
    """From now on a cell that uses a function of the unit before its cell ran says so, instead of a bare NameError.

    The error stays one: whoever runs the notebook by machine still sees that the cell has failed.
    """
    shell = _shell()
    if (
        shell is not None and not shell.custom_exceptions
    ):  # there is room for one alone, and who came first keeps it
        shell.set_custom_exc((NameError,), _show_name_error)


def _show_name_error(
    shell: Any, kind: type, error: NameError, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """Shows a NameError as IPython does, or what to do where a function of the unit is not there yet."""
    name = error.name or ""
    if (asks := _awaited(shell, name, trace)) is not None:
        said = f"NameError: {not_yet(name, asks)}"
        error._render_traceback_ = lambda: [said]  # type: ignore[attr-defined]  # what IPython asks for
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _awaited(shell: Any, name: str, trace: TracebackType) -> Asks | None:
    """What is asked of a name of the unit that a cell itself, and no function in it, uses before it is there."""
    *_, (frame, _) = traceback.walk_tb(trace)
    if frame.f_locals is not shell.user_ns or name in shell.user_ns:
        return None
    try:
        data = checkfile.here(name).function(name)
    except CourseError:
        return None
    return data.asks if data is not None else None


def names_of(function: object) -> list[str]:
    """What the notebook calls this object, its own name first."""
    own = [name for name in [getattr(function, "__name__", None)] if isinstance(name, str)]
    return own + [name for name, value in variables().items() if value is function and name not in own]


def cells_now() -> tuple[Cell, ...]:
    """The cells run so far, without definitions that later ones replaced."""
    return tuple(Cell(place, text) for place, text in _latest(history()).items())


def cells_for(function: object) -> tuple[Cell, ...]:
    """The same; empty where they do not hold the function or class as it is now: it was imported, or made otherwise."""
    cells = cells_now()
    sources = [_source(part) for part in _parts(function)]
    held = all(source and any(source in cell.source for cell in cells) for source in sources)
    return cells if sources and held else ()


def _parts(function: object) -> list[object]:
    """A function, or the methods of a class: what has a text of its own."""
    if not isinstance(function, type):
        return [function]
    return [part for part in vars(function).values() if inspect.isfunction(part)]


class KernelChild:
    """Answers what is asked of a function, class or variable itself, here, on copies; see `worker.Child`.

    Where a process of its own cannot be had or does not know the function. The time of all calls together is looked at
    between the lines of the notebook's own code; what hangs inside one line, only the kernel's own stop button ends.
    """

    def __init__(self, function: Any, name: str, cells: Sequence[Cell]) -> None:
        """`name` is what the unit calls it, `cells` may hold it as it is."""
        self._function = function
        self._name = name
        self._asks: Asks = "result"
        self._cell = _cell_of(function, cells)
        self._calls: list[messages.Call] = []
        self._results = Results()
        self._trace = False
        self._left = SECONDS
        self._traced: messages.Trace | None = None

    def send(self, message: spoken.ToChild) -> None:
        """Takes calls. The kernel has run the program, but for a cell of ours at its end that defines what is called."""
        if isinstance(message, messages.Program):
            self._asks = message.asks
        if isinstance(message, messages.Program) and message.function != self._name:
            namespace = variables() | {self._name: self._function}
            exec(message.cells[-1].source, namespace)
            self._function = namespace[message.function]
        if isinstance(message, messages.Calls):
            self._calls += message.calls
            self._results = Results()
            self._trace = message.trace

    def receive(self) -> messages.ToParent:
        """The next answer, or what was recorded for the one before."""
        if self._traced is not None:
            traced, self._traced = self._traced, None
            return traced
        if not self._calls:
            return messages.Ready(True, self._cell, 1, [], [])
        call = self._calls.pop(0)
        if not self._trace:
            return self._answer(call)
        recorder = Recorder(self._function)
        with recorder:
            answer = self._answer(call)
        self._traced = messages.Trace(call.id, recorder.values)
        return answer

    def _answer(self, call: messages.Call) -> messages.Result | messages.Failure:
        answer = self._asked(call)
        if not self._calls:
            answer.changed = self._results.changed()
        return answer

    def _asked(self, call: messages.Call) -> messages.Result | messages.Failure:
        args = [given.unpacked(argument) for argument in call.args]
        limit = contextlib.nullcontext() if self._trace else allowance.of_seconds(self._left, variables())
        began = time.monotonic()
        try:
            with apart(), questions.seeded(call.seed), limit:
                value = questions.ask(self._function, args, self._asks)
                data = value_data(value)
            if self._asks == "result":
                self._results.add(call.id, value, data)
            return messages.Result(call.id, data, handed_back(args))
        except TooManyStepsError:
            raise ChildDiedError("timeout", f"took longer than {SECONDS:g} s") from None
        except KeyboardInterrupt:  # the stop button
            raise
        except BaseException as error:  # an exit too is one of the function's alone
            return failure(call.id, error, after=handed_back(args))
        finally:
            self._left -= time.monotonic() - began

    def allow(self, cpu_seconds: float | None = None) -> None:
        """Gives the calls their full time again, or another."""
        self._left = SECONDS if cpu_seconds is None else cpu_seconds

    def close(self) -> str:
        """There is nothing to end."""
        return ""


def _cell_of(function: Any, cells: Sequence[Cell]) -> int | None:
    """The cell whose lines are those of the function; None where there is none, or where they count otherwise."""
    first, code = [*_parts(function)][:1], codes(function)[:1]
    source = _source(first[0]).splitlines() if first else []
    if not source or not code:
        return None
    start = code[0].co_firstlineno - 1
    found = [cell.index for cell in cells if cell.source.splitlines()[start : start + len(source)] == source]
    return found[-1] if found else None


def _source(function: object) -> str:
    """The text of a function; empty where there is none."""
    try:
        return inspect.getsource(inspect.unwrap(function)).strip()  # type: ignore[arg-type]  # the errors say so
    except (TypeError, OSError, ValueError):
        return ""


def _shell() -> Any:
    """The running IPython, None outside of one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _latest(sources: Sequence[str]) -> dict[int, str]:
    """The cells by their number, but for those whose definitions all were made again by a later one."""
    kept: dict[int, str] = {}
    replaced: set[str] = set()
    for place, source in reversed(list(enumerate(sources, start=1))):
        defined = _definitions(source)
        if defined and defined <= replaced:
            continue
        replaced |= defined
        kept[place] = source
    return dict(sorted(kept.items()))


def _definitions(source: str) -> set[str]:
    """The functions and classes a cell defines; empty where it does anything else besides."""
    parsed = syntax.tree(source)
    body = parsed.body if parsed is not None else []
    others = [node for node in body if not isinstance(node, syntax.Written | ast.Expr)]
    return set() if others else {node.name for node in body if isinstance(node, syntax.Written)}

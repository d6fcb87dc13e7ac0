"""The child's half of a dialogue about a notebook: runs a cell when it is told to, answers questions, calls back.

Theory of operation: as in a conversation about one function (`conversation.py`), nothing here is secret and nothing it
says is believed. Test cells run on the other side; what they do to the notebook's functions and objects comes here as
questions, one at a time. While a function of the other side's is called back, questions of its own may come.
The trusted side's half is `sandbox/dialogue.py`.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Final

from autograder.child import cells, figures, messages, nodes, questions, spoken, wire
from autograder.child.handles import Handles
from autograder.child.inquiries import Inquiries
from autograder.child.interpreter import Interpreter
from autograder.child.messages import CellData
from autograder.child.nodes import OtherData, ValueData
from autograder.child.scratch import scratch
from autograder.child.spoken import CallBack, CellRan, Do, Done, Failed, Reply

_NOTHING: Final = object()
_BROKEN: Final = "BaseException"  # an exception that cannot be looked at
# What a function may change that is given to it.
_MUTABLE: Final = (nodes.ArrayData, nodes.Tree)
_FAITHFUL: Final = frozenset({"call", "method", "operator"})  # after these, arguments are looked at again


class Respondent:
    """A notebook that is run and asked in pieces, over the pipes to the other side."""

    def __init__(self, notebook: spoken.Notebook, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._cells = {cell.index: cell for cell in notebook.cells}
        sources = {cells.file_of(cell.index): cell.source for cell in notebook.cells}
        self._running = Interpreter(sources, notebook.real)
        self._handles = Handles(notebook.first, lambda number: _called_back(self._call_back, number))
        self._inquiries = Inquiries(self._running.variables, self._handles)
        self._paper, self._errors = _Paper(), _Paper()
        self._draws = figures.NEEDED[0] in notebook.real and not figures.lacking()
        self._seed = notebook.seed

    def serve(self) -> None:
        """Does what it is told until the other side hangs up."""
        questions.seed(self._seed)
        if (folder := os.getcwd()) != "/":
            sys.path.insert(0, folder)  # modules that lie beside the notebook
        sys.stdout, sys.stderr = self._paper, self._errors
        unshown = figures.unshown() if self._draws else contextlib.nullcontext()
        with contextlib.suppress(EOFError), scratch() as self._inquiries.files, unshown:
            while True:
                self._follow(wire.read_message(self._reading))

    def _follow(self, told: spoken.ToChild) -> None:
        match told:
            case spoken.RunCell(cell=index):
                wire.write_message(self._writing, self._ran(self._cells[index]))
            case Do():
                self._write(self._answered(told))
            case spoken.Drop(handles=numbers):
                self._handles.drop(numbers)
            case _:
                raise EOFError("the other side says what is not said here")

    def _write(self, answer: Done | Failed) -> None:
        """Sends an answer, or that it cannot be sent."""
        try:
            wire.write_message(self._writing, answer)
        except (nodes.WireError, UnicodeError) as error:
            wire.write_message(self._writing, Failed(answer.id, "ValueError", messages.clip(error)))

    def _ran(self, cell: CellData) -> CellRan:
        """Runs one cell to its end or to what it raises, as Jupyter does."""
        variables = self._running.variables
        before = dict(variables)
        ran = CellRan(cell.index, [], "")
        if self._draws:
            figures.put_away()
        try:
            self._running.run(cells.compiled(cell))
        except BaseException as error:
            ran.exception, ran.message = _BROKEN, ""
            with contextlib.suppress(BaseException):
                said = f"{error.msg}, in line {error.lineno}" if isinstance(error, SyntaxError) else error
                ran.exception, ran.ancestors = _ancestry(error)
                ran.message, ran.line = messages.clip(said), _place(error, cell.index)[1]
        if self._draws:
            figures.put_away()
        ran.binds = [
            messages.clip(name)
            for name, value in list(variables.items())
            if before.get(name, _NOTHING) is not value and not name.startswith("__")
        ][: spoken.MAX_BOUND]
        absent = sorted(self._running.absent.names - self._running.absent.showing)
        ran.absent = [messages.clip(name) for name in absent][: messages.MAX_NAMES]
        ran.printed, ran.errors = self._paper.taken(), self._errors.taken()
        return ran

    def _answered(self, asked: Do) -> Done | Failed:
        """The answer to one question, whatever it takes."""
        sent, given = [*asked.args, *asked.keywords.values()], list[Any]()
        try:
            given += map(self._handles.value, sent)
            args = given[: len(asked.args)]
            keywords = dict(zip(asked.keywords, given[len(args) :], strict=True))
            self._running.variables.update({name: given[place] for name, place in asked.names.items()})
            value, data, more = self._inquiries.answer(asked, args, keywords)
            same = next((place for place, one in enumerate(given) if one is value), None)
            after = self._after(asked, sent, given)
            printed, errors = self._paper.taken(), self._errors.taken()
            return Done(asked.id, data, after, printed, errors, more, same)
        except BaseException as error:
            failed = self._failed(asked.id, error)
            with contextlib.suppress(BaseException):
                failed.args_after = self._after(asked, sent, given)
            failed.printed, failed.errors = self._paper.taken(), self._errors.taken()
            return failed

    def _after(self, asked: Do, sent: Sequence[ValueData], given: Sequence[Any]) -> list[ValueData]:
        """The arguments as they are after a call; `OtherData` for what is as it was, or cannot be handed back."""
        if asked.does not in _FAITHFUL:
            return []
        after: list[ValueData] = []
        for before, value in zip(sent, given, strict=True):
            now = self._handles.data(value) if isinstance(before, _MUTABLE) else before
            kept = nodes.alike(now, before) or isinstance(now, nodes.HandleData)
            after.append(OtherData("") if kept else now)
        return after

    def _failed(self, identity: int, error: BaseException) -> Failed:
        """An exception as data, with handles of its class and of itself where that is none of Python's own."""
        failed = Failed(identity, _BROKEN, "")
        with contextlib.suppress(BaseException):
            failed.exception, failed.ancestors = _ancestry(error)
            failed.message = messages.clip(error)
            failed.cell, failed.line = _place(error)
            error.with_traceback(None)  # it would keep alive what its frames hold
            failed.module = messages.clip(type(error).__module__)
            if getattr(builtins, failed.exception, None) is not type(error):
                failed.kind = self._handles.hold(type(error))
                failed.error = self._handles.hold(error)
            failed.args = self._handles.data(error.args)
        return failed

    def _call_back(self, number: int, args: Sequence[Any], keywords: dict[str, Any]) -> Any:
        """What a function of the other side's gives, which may ask questions of its own meanwhile."""
        data = {messages.clip(name): self._handles.data(value) for name, value in keywords.items()}
        wire.write_message(self._writing, CallBack(number, list(map(self._handles.data, args)), data))
        while not isinstance(told := wire.read_message(self._reading), Reply):
            self._follow(told)
        if told.value is not None:
            return self._handles.value(told.value)
        kind = getattr(builtins, told.exception, None)
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            kind = RuntimeError
        raise kind(told.message)


def _called_back(call: Callable[[int, Sequence[Any], dict[str, Any]], Any], number: int) -> Any:
    """A function of the other side's, as one of this side's."""

    def function(*args: Any, **keywords: Any) -> Any:
        return call(number, args, keywords)

    return function


def _ancestry(error: BaseException) -> tuple[str, list[str]]:
    """The class of an exception and those that it inherits from."""
    name, *ancestors = [messages.clip(kind.__name__) for kind in type(error).__mro__]
    return name, ancestors[: messages.MAX_NAMES]


def _place(error: BaseException, only: int | None = None) -> tuple[int | None, int | None]:
    """The cell, one or any, and its innermost line at which an exception was raised."""
    if isinstance(error, SyntaxError) and only is not None:
        return only, error.lineno if type(
            error.lineno
        ) is int and 1 <= error.lineno <= messages.MAX_LINE else None
    found: tuple[int | None, int | None] = (None, None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        cell = cells.number_of(frame.f_code.co_filename)
        if cell is not None and only in (None, cell) and 1 <= (line or 0) <= messages.MAX_LINE:
            found = cell, line
    return found


class _Paper(io.StringIO):
    """Takes what is printed, up to a limit; what comes after it is passed over."""

    def write(self, text: str, /) -> int:
        """As of any file."""
        room = spoken.MAX_PRINTED - io.StringIO.tell(self)
        io.StringIO.write(self, text[: max(0, room)])
        return len(text)

    def taken(self) -> str:
        """What was printed since the last time."""
        printed = io.StringIO.getvalue(self)[: spoken.MAX_PRINTED]
        io.StringIO.seek(self, 0)
        io.StringIO.truncate(self, 0)
        return printed.encode("utf-8", "replace").decode("utf-8")

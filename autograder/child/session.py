"""A student's notebook as it runs in a child: its cells as Jupyter would run them, and calls of one function."""

from __future__ import annotations

import contextlib
import traceback
import types
from collections.abc import Iterable, Sequence
from typing import Any, Final

from autograder.child import cells, figures, given, messages, questions, wire
from autograder.child.bindings import Bindings
from autograder.child.interpreter import Interpreter, flush
from autograder.child.messages import CellData, Program
from autograder.child.outlasting import Results
from autograder.child.recorder import Recorder, codes
from autograder.child.standin import StandIns
from autograder.child.values import failure, handed_back, is_data, value_data

_NOTHING: Final = object()


class Session:
    """The student's notebook as it runs: its variables, and which cell defines the function."""

    def __init__(self, program: Program, reading: int, writing: int) -> None:
        self._program = program
        self._function, self._asks = program.function, program.asks
        self._writing = writing
        self._draws = program.asks == "drawing" and not figures.lacking()
        self._stand_ins = StandIns(program, reading, writing)
        sources = {cells.file_of(cell.index): cell.source for cell in program.cells}
        self._running = Interpreter(sources, figures.NEEDED if program.asks == "drawing" else ())
        self._variables, self._absent = self._running.variables, self._running.absent
        self._bindings = Bindings(program, self._variables, self._running.run)

    def run(self) -> None:
        """Runs the cells in order, tells which one is running, and says when all are done."""
        self._stand_ins.place(self._variables)
        own = {cell.index: self._early(cell) for cell in self._program.cells if cell.handout is None}
        wanted = {self._function, *self._program.also}.union(
            *(cells.global_names(code) for code in own.values() if code is not None)
        )
        with figures.unshown() if self._draws else contextlib.nullcontext():
            for cell in cells.needed(self._program.cells, wanted):
                self._run_cell(cell, own.get(cell.index))
        self._bindings.settle()
        self._stand_ins.place(self._variables)
        wire.write_message(self._writing, self._ready())

    def _run_cell(self, cell: CellData, code: types.CodeType | None) -> None:
        """Runs one cell to its end, whatever its lines raise; `code` is None where it could not be compiled."""
        self._tell(cell)
        try:
            self._running.run(code or cells.compiled(cell))
        except BaseException as error:
            name = messages.clip(type(error).__name__)
            said = f"{error.msg}, in line {error.lineno}" if isinstance(error, SyntaxError) else error
            wire.write_message(self._writing, messages.CellFailed(cell.index, name, messages.clip(said)))
            self._go_on(cell, error)
        flush()
        self._bindings.keep(cell)
        self._stand_ins.place(self._variables)

    def _early(self, cell: CellData) -> types.CodeType | None:
        """A cell of the student's own, compiled; None where it cannot be, which is told when it is its turn."""
        # One that Python's own parser trips over is to blame as if it were running.
        self._tell(cell)
        with contextlib.suppress(Exception):
            return cells.compiled(cell)
        return None

    def _go_on(self, cell: CellData, error: BaseException) -> None:
        """Runs what else a cell imports and defines, where one of its lines has failed."""
        lines = [
            line
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename == cells.file_of(cell.index) and frame.f_code.co_name == "<module>"
        ]
        for code in cells.rest(cell, lines[0]) if lines else ():
            with contextlib.suppress(BaseException):
                self._running.run(code)

    def turn(self, asked: messages.Turn) -> None:
        """Has another function be the one that is asked, and says what is known of it."""
        self._function, self._asks = asked.function, asked.asks
        self._stand_ins.turn(asked, self._variables)
        wire.write_message(self._writing, self._ready())

    def answer(self, call: messages.Call, results: Results) -> messages.Result | messages.Failure:
        """Asks the function, the class or the variable once; what a call gives is held among the `results`."""
        return self.asked(call, [given.unpacked(argument) for argument in call.args], results=results)

    def asked(
        self, call: messages.Call, args: list[Any], *, back: bool = True, results: Results | None = None
    ) -> messages.Result | messages.Failure:
        """The same with these arguments, which are handed back only where they are asked for."""
        subject = self._variables.get(self._function)
        questions.seed(call.seed)
        try:
            value = questions.ask(subject, args, self._asks)
            after, data = handed_back(args) if back else [], value_data(value)
            if results is not None and self._asks == "result":
                results.add(call.id, value, data)
            return messages.Result(call.id, data, after)
        except BaseException as error:
            return failure(call.id, error, self._line(error), handed_back(args) if back else [])

    @contextlib.contextmanager
    def edited(self, definitions: Sequence[messages.Redefinition]) -> Any:
        """The notebook with some of its definitions written otherwise; whatever their code raises."""
        before = {one.name: self._variables.get(one.name, _NOTHING) for one in definitions}
        try:
            for one in definitions:
                exec(cells.code_of(one.source, cells.file_of(one.cell)), self._variables)
            yield
        finally:
            for name, value in before.items():
                if value is _NOTHING:
                    self._variables.pop(name, None)
                else:
                    self._variables[name] = value

    def recorder(self) -> Recorder:
        """What writes down the arrays that the function's lines make."""
        return Recorder(self._variables.get(self._function))

    @contextlib.contextmanager
    def hiding(self, names: Iterable[str]) -> Any:
        """The notebook's variables without these."""
        hidden = {name: self._variables.pop(name) for name in names if name in self._variables}
        try:
            yield
        finally:
            self._variables.update(hidden)

    def _tell(self, cell: CellData) -> None:
        wire.write_message(self._writing, messages.Running(cell.index))

    def _ready(self) -> messages.Ready:
        name, is_variable = self._function, self._asks == "variable"
        function = self._variables.get(name)
        found = codes(function)
        cell, first_line, reads = None, 1, []
        if found and not is_variable:
            cell, first_line = (
                cells.number_of(found[0].co_filename),
                min(max(found[0].co_firstlineno, 1), messages.MAX_LINE),
            )
            read = {name for code in found for name in cells.global_names(code)}
            reads = [messages.clip(name) for name in sorted(read) if is_data(self._variables.get(name))]
        return messages.Ready(
            name in self._variables if is_variable else callable(function),
            cell,
            first_line,
            reads[: messages.MAX_NAMES],
            _told(self._absent.names - self._absent.showing),
            _told(self._absent.lacking(function, self._variables)),
        )

    def _line(self, error: BaseException) -> int | None:
        """The line, within the cell that defines the function, at which it raised."""
        files = {code.co_filename for code in codes(self._variables.get(self._function))}
        lines = [
            line
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename in files and 1 <= (line or 0) <= messages.MAX_LINE
        ]
        return lines[-1] if lines else None


def _told(names: Iterable[str]) -> list[str]:
    """Names as the wire takes them."""
    return sorted(map(messages.clip, names))[: messages.MAX_NAMES]

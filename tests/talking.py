"""Speaks to one child in its own messages, beside the worker that does so for grading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.child import messages, packing, unpacking
from autograder.child.cells import names
from autograder.child.messages import CellData
from autograder.sandbox.children import Sandbox


class Conversation:
    """One child, spoken to in its own messages."""

    def __init__(
        self,
        sandbox: Sandbox,
        cells: Sequence[str | tuple[str, bool]],
        function: str = "f",
        replaced: Sequence[str] = (),
        **more: Any,
    ):
        self.child = sandbox.child()
        program = []
        for index, cell in enumerate(cells):
            source, handout = (cell, False) if isinstance(cell, str) else cell
            program.append(CellData(index, source, names(source) if handout else None))
        self.failed: dict[int, messages.CellFailed] = {}
        self.ran: list[int] = []
        try:
            self.child.send(messages.Program(program, function, list(replaced), **more))
            self.ready = self._ready()
        except BaseException:  # the next test is not to hear of this one
            self.child.close()
            raise

    def _ready(self) -> messages.Ready:
        while not isinstance(message := self.child.receive(), messages.Ready):
            if isinstance(message, messages.CellFailed):
                self.failed[message.cell] = message
            if isinstance(message, messages.Running):
                self.ran.append(message.cell)
        return message

    def call(self, *args: Any, hide: Sequence[str] = ()) -> Any:
        data = [packing.pack(argument) for argument in args]
        self.child.send(messages.Calls([messages.Call(1, 2, data)], list(hide)))
        return self.child.receive()

    def value(self, *args: Any, hide: Sequence[str] = ()) -> Any:
        result = self.call(*args, hide=hide)
        assert isinstance(result, messages.Result), result
        return unpacking.unpack_value(result.value)

"""Asks a locked-in notebook as test cells do: values of Python's own on one side, questions and handles on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from autograder.child import frames, kin, packing, unpacking
from autograder.child.nodes import CallableData, HandleData
from autograder.child.spoken import CallBack, Do, Done, Failed, Reply
from autograder.records import Died
from autograder.sandbox.dialogue import Dialogue


@dataclass(frozen=True)
class Call:
    """A function of the asking side's, as an argument."""

    function: Callable[..., Any]


class Asking:
    """A notebook of these cells, all of them run."""

    def __init__(self, start: Any, *cells: str, **options: Any) -> None:
        steps = [SimpleNamespace(index=index, source=source) for index, source in enumerate(cells)]
        self.dialogue = Dialogue(start, steps, **options)
        self.ran = [self.dialogue.run(step.index) for step in steps]
        self._functions: list[Callable[..., Any]] = []

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.dialogue.close()

    def do(self, does: Any, target: Any = None, name: str = "", *args: Any, **more: Any) -> Any:
        """The answer to a question, as it came."""
        count = more.pop("count", 0)
        keywords = {key: self._data(value) for key, value in more.items()}
        handle = self.fetch(target) if isinstance(target, str) else target
        number = handle.id if isinstance(handle, HandleData) else None
        asked = Do(does, number, name, [self._data(value) for value in args], keywords, count)
        return self.dialogue.do(asked, self._answer)

    def value(self, *asked: Any, **more: Any) -> Any:
        """The value of what was answered."""
        answer = self.do(*asked, **more)
        assert isinstance(answer, Done), answer
        return unpacking.unpack(answer.value, held=lambda node: node)

    def fetch(self, name: str) -> Any:
        """What a variable holds."""
        return self.value("fetch", None, name)

    def call(self, name: Any, *args: Any, **keywords: Any) -> Any:
        """What a function gives."""
        return self.value("call", name, "", *args, **keywords)

    def failed(self, *asked: Any, **more: Any) -> Failed:
        """What was raised."""
        answer = self.do(*asked, **more)
        assert isinstance(answer, Failed), answer
        return answer

    def died(self, *asked: Any, **more: Any) -> Died:
        """How the child died of it."""
        answer = self.do(*asked, **more)
        assert isinstance(answer, Died), answer
        return answer

    def _data(self, value: Any) -> Any:
        if isinstance(value, Call):
            self._functions.append(value.function)
            return CallableData(len(self._functions) - 1)
        return packing.pack_with(value, _plain)

    def _answer(self, called: CallBack) -> Reply:
        args: Iterator[Any] = (unpacking.unpack(one, held=lambda node: node) for one in called.args)
        keywords = {
            name: unpacking.unpack(one, held=lambda node: node) for name, one in called.keywords.items()
        }
        try:
            return Reply(self._data(self._functions[called.function](*args, **keywords)))
        except Exception as error:
            return Reply(None, type(error).__name__, str(error))


def _plain(value: Any) -> Any:
    return frames.table(value) if frames.is_pandas(value) else kin.library(value) or kin.parted(value)


def names(ran: Sequence[Any]) -> list[str]:
    """What the cells raised."""
    return [getattr(one, "exception", "died") for one in ran]

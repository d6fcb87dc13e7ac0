"""The exam process's end of the talk with a student's notebook: each question, where a test asked it, and what came of it.

What is of a test's goes in only as an argument of a call of a function or class that the test names. An object that stays in
the child can be asked for more, and is then handed values: what `+` is to add, what `in` looks for, what a method is called
with. Where a test means to compare, that would be the expected value. So that is done only at places (a line of a cell, and
what is done there) at which the instructor's own solution had such an object too.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import types
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from autograder.adopted import handing
from autograder.adopted.raising import OfStudentsOwn, Raising
from autograder.adopted.slips import Gone, Question, Receive, Send
from autograder.child import messages, nodes, spoken, unpacking
from autograder.child.nodes import HandleData, ValueData, WireError
from autograder.child.spoken import Does

# After these nothing of the notebook can be other than before.
_QUIET: Final = frozenset({"fetch", "module", "source", "is-a", "is-kind", "parameters"})

_CALLING: Final = frozenset({"call", "method"})


class StudentGoneError(BaseException):
    """Student code did not finish or ended its process; no Exception, so that a test's `except` does not take it."""


class BoundsError(BaseException):
    """A value of the student's is none, or a test took more out of one than it may; no Exception, for the same reason."""


class OutOfPlaceError(TypeError):
    """A test would hand a value to an object where the instructor's solution has plain data."""


@dataclass
class CellNow:
    """The cell that runs."""

    number: int
    filename: str
    lines: Sequence[str]
    hidden: frozenset[int]
    taken: int = 0
    handles: bool = False
    asked: bool = False
    gone: Gone | None = None
    places: set[str] = field(default_factory=set)
    exceeded: BoundsError | None = None  # raised in a function that student code had called


class Link:
    """One for each sitting."""

    def __init__(
        self,
        send: Send,
        receive: Receive,
        variables: Mapping[str, Any],
        stand_in: Callable[[Link, HandleData], Any],
        permitted: frozenset[str] | None,
        most: int,
    ) -> None:
        """`variables` are the instructor's, `stand_in` makes what stands for an object that stays in the child.

        `permitted` are the places at which values may be handed to such objects; None: everywhere. `most` is how many values
        one cell takes out of them by going through them.
        """
        self._send, self._receive = send, receive
        self._permitted, self._most = permitted, most
        self.cell = CellNow(-1, "", (), frozenset())
        self.epoch = 0  # the notebook may have changed with each
        self.generation = 0  # another child
        self.raising = Raising(variables)
        self.raised: list[BaseException] = []  # by student code, in this cell
        # Before student code runs, what of the test's own surroundings it should find in its own.
        self.bring_up: Callable[[], None] = lambda: None
        self.bring: Callable[[object], None] = lambda _: None  # and files at a path that is handed over
        # And by which of the test's names it finds a value that is handed over: asked with that, and what the call has there.
        self.known_as: Callable[[object, Callable[[], str]], Sequence[str]] = lambda *_: ()
        self._make = stand_in
        self._objects: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._dropped: set[int] = set()
        self._functions: list[Callable[..., Any]] = []
        self._library: dict[tuple[str, str], Any] = {}
        self.giving = handing.Giving(self, variables)

    # ------------------------------------------------------------------------------------------------- asking

    def ask(
        self,
        does: Does,
        target: int | None = None,
        *,
        name: str = "",
        args: Sequence[Any] = (),
        keywords: Mapping[str, Any] = types.MappingProxyType({}),
        count: int = 0,
        title: str = "",
    ) -> Any:
        """What comes of a question; raises what student code raised. `title` is what the test calls what it asks."""
        return self.answered(does, target, name, args, keywords, count, title)[0]

    def answered(
        self,
        does: Does,
        target: int | None = None,
        name: str = "",
        args: Sequence[Any] = (),
        keywords: Mapping[str, Any] = types.MappingProxyType({}),
        count: int = 0,
        title: str = "",
    ) -> tuple[Any, spoken.Done]:
        """The same, with the answer as it came."""
        handed = (*args, *keywords.values())
        if does not in _QUIET:
            self.bring_up()
            for one in handed:
                self.bring(one)
        names = {
            name: place
            for place, one in enumerate(handed if does in _CALLING else ())
            for name in self.known_as(one, lambda: self._place()[1])
        }
        with self.giving.call() as given:
            packed = [given.data(one) for one in args]
            named = {key: given.data(one) for key, one in keywords.items()}
            do = spoken.Do(
                does=does, target=target, name=name, args=packed, keywords=named, count=count, names=names
            )
            answer = self._exchanged(do, title or name)
            self._say(answer)
            sent = list(zip(handed, (*packed, *named.values()), strict=True))
            given.take_back(sent, answer.args_after)
        if isinstance(answer, spoken.Failed):
            error = self._error(answer)
            self.raised.append(error)
            raise error
        if answer.same is not None and answer.same < len(sent):
            return sent[answer.same][0], answer
        return self.value(answer.value), answer

    def _exchanged(self, do: spoken.Do, title: str) -> spoken.Done | spoken.Failed:
        """Sends a question, and answers what is called back until its own answer comes."""
        line, said, hidden = self._place()
        self.cell.asked = True
        if self._dropped:
            self._send(spoken.Drop(sorted(self._dropped)))
            self._dropped.clear()
        if do.does not in _QUIET:
            self.epoch += 1
        self._send(Question(do, said, title, line, hidden))
        while True:
            match self._receive():
                case spoken.CallBack() as call:
                    self._send(self.called_back(call))
                case spoken.Done() | spoken.Failed() as answer:
                    if self.cell.exceeded is not None:
                        raise self.cell.exceeded
                    return answer
                case Gone() as gone:
                    self._lose(gone)
                    raise StudentGoneError(gone.detail)
                case other:
                    raise EOFError(f"spoke out of turn: {type(other).__name__}")

    def _lose(self, gone: Gone) -> None:
        """All objects were a child's that is no longer there."""
        self.cell.gone = gone
        self.forget()

    def forget(self) -> None:
        """From here on there is another child, which has none of the objects of before."""
        self.generation += 1
        self.epoch += 1
        self._objects.clear()
        self._dropped.clear()
        self._library.clear()
        self.raising.forget()
        self.giving.forget()

    def called_back(self, call: spoken.CallBack) -> spoken.Reply:
        """What a function of the test's gives; student code has called it."""
        try:
            function = self._functions[call.function]
            args = [self.value(one) for one in call.args]
            keywords = {key: self.value(one) for key, one in call.keywords.items()}
        except (IndexError, BoundsError):
            return spoken.Reply(None, "TypeError", "no such function, or no such arguments")
        try:
            given = function(*args, **keywords)
            with self.giving.call() as giving:
                return spoken.Reply(giving.data(given))
        except BaseException as error:  # of the student's too: it goes on through their code that called
            if isinstance(error, BoundsError):
                self.cell.exceeded = error
            return spoken.Reply(None, type(error).__name__[: nodes.MAX_TEXT], messages.clip(error))

    def function(self, value: Callable[..., Any]) -> nodes.CallableData:
        """The number of a function of the test's, which student code may call from here on."""
        for number, one in enumerate(self._functions):
            if one is value:
                return nodes.CallableData(number)
        self._functions.append(value)
        return nodes.CallableData(len(self._functions) - 1)

    # -------------------------------------------------------------------------------------------------- values

    def value(self, data: ValueData) -> Any:
        """A value that came; objects that stay in the child are stand-ins."""
        try:
            return unpacking.unpack(data, held=self._held)
        except WireError as error:
            raise BoundsError(f"your code gave a value that is none: {error}") from None

    def _held(self, node: unpacking.Held) -> Any:
        if not isinstance(node, HandleData):
            raise WireError("what is sent to a child alone")
        self.cell.handles = self.cell.handles or node.kind not in ("function", "class", "exception")
        if node.kind == "exception":
            return self.exception_class(node)
        if (given := self.giving.given(node.id)) is not None:
            return given
        found = self._objects.get(node.id)
        if found is None:
            found = self._objects[node.id] = self._make(self, node)
        self._dropped.discard(node.id)
        return found

    def exception_class(
        self, node: HandleData, name: str = "", ancestors: Sequence[str] = ()
    ) -> type[BaseException]:
        """The class made for one that the student's notebook defines; without a name, all is asked of the child."""
        found: Sequence[Any] = ancestors
        if not name and self.raising.lacks(node.id):
            with contextlib.suppress(Exception):
                name = str(self.ask("attribute", node.id, name="__name__"))
                found = [
                    one for one in self.ask("attribute", node.id, name="__mro__") if isinstance(one, type)
                ]
        return self.raising.made(node.id, name or "StudentError", found)

    def _error(self, failed: spoken.Failed) -> BaseException:
        args = None
        if failed.args is not None:
            with contextlib.suppress(Exception):
                args = self.value(failed.args)
        names = [failed.exception, *failed.ancestors]
        made = self.exception_class(failed.kind, failed.exception, failed.ancestors) if failed.kind else None
        if made is not None and (own := self.raising.own(failed.exception)) is not None:
            made = own
        error = self.raising.error(names, failed.message, args if isinstance(args, tuple) else None, made)
        if failed.error is not None and isinstance(error, OfStudentsOwn):
            error.error_ = self._held(failed.error)
        return error

    def drop(self, number: int, generation: int) -> None:
        """Nobody here asks for this object again."""
        if generation == self.generation:
            self._dropped.add(number)

    def library(self, module: str, name: str) -> Any:
        """What stands for the child's own `name` of a module."""
        key = (module, name)
        if key not in self._library:
            found = self.ask("module", name=module)
            for part in name.split(".") if name else ():
                found = self.ask("attribute", handing.number(found), name=part)
            self._library[key] = found
        return self._library[key]

    def count(self, taken: int) -> None:
        """So many more values were taken out of an object; BoundsError where that is too much."""
        self.cell.taken += taken
        if self.cell.taken > self._most:
            raise BoundsError(f"more than {self._most} values were taken out of what your code returned")

    # -------------------------------------------------------------------------------------------------- places

    def permit(self, does: str, name: str) -> bool:
        """Whether a value may be handed to an object here, which the instructor's solution would be as well."""
        place = f"{self.cell.number}:{self._place()[0]}:{does}:{name}"
        if self._permitted is not None and place not in self._permitted:
            return False
        self.cell.places.add(place)
        return True

    def insist(self, does: str, name: str) -> None:
        """OutOfPlaceError where that is not so."""
        if not self.permit(does, name):
            raise OutOfPlaceError("it is an object, and a plain value is due here")

    def _place(self) -> tuple[int, str, bool]:
        """The line of the cell, what it has there, and whether that is hidden."""
        frame: types.FrameType | None = sys._getframe(2)
        inner = outer = None
        hidden = False
        while frame is not None:
            if frame.f_code.co_filename == self.cell.filename:
                inner = inner or frame
                outer = frame
                hidden = hidden or frame.f_lineno in self.cell.hidden
            frame = frame.f_back
        if inner is None or outer is None:
            return 1, "", False
        return outer.f_lineno or 1, self._said(inner), hidden

    def _said(self, frame: types.FrameType) -> str:
        place = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), None)
        if place is None or None in place:
            return ""
        first, last, start, end = (int(one or 0) for one in place)
        taken = [line.encode() for line in self.cell.lines[first - 1 : last]]
        if not taken:
            return ""
        taken[-1] = taken[-1][:end]
        taken[0] = taken[0][start:]
        return messages.clip(" ".join(part.decode("utf-8", "replace").strip() for part in taken))

    def _say(self, answer: spoken.Done | spoken.Failed) -> None:
        """What student code printed is printed here, so that a test that looks at that sees it."""
        if answer.printed:
            sys.stdout.write(answer.printed)
        if answer.errors:
            sys.stderr.write(answer.errors)

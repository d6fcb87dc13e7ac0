"""The trusted side's half of a dialogue: has a child run a notebook cell by cell, and asks it what test cells ask.

Whatever the child does, every cell and every question ends with an answer or with how the child died. A child that
died is not missed: before the next thing it is asked, another has run the same cells, but for those that hang or kill. What
stayed in the one that died is gone, and so is whatever is asked about it.
The child's half is `child/respondent.py`; what a value holds that comes from it, who unpacks it finds out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

import msgspec

from autograder import budget
from autograder.child import messages, nodes, spoken
from autograder.child.messages import CellData
from autograder.child.nodes import CallableData, HandleData, ValueData
from autograder.child.spoken import CallBack, CellRan, Do, Done, Failed, Reply
from autograder.closing import Closing
from autograder.records import Died
from autograder.sandbox.outcomes import ChildDiedError
from autograder.sandbox.sourcetext import source_of
from autograder.sandbox.worker import MAX_LEFT_OUT, MAX_SOURCE_BYTES, Child, Start

MAX_CALLBACKS: Final = 10_000  # of one question: an honest integral of a test's function takes a thousand
MAX_CALLED_WITH: Final = 2**20  # bytes of the arguments of one of them
MAX_DEPTH: Final = 20  # questions within functions that are called back within questions
MAX_LIVES: Final = 24  # children of one notebook
_NUMBERS: Final = 2**31 // (MAX_LIVES + 1)  # of handles that each of them has for itself
_NEVER: Final = (nodes.CodeData, nodes.SeededData, nodes.CallableData, nodes.LibraryData)
_encoded = msgspec.msgpack.Encoder().encode

# What a function of a test's gives when student code calls it.
Answerer: TypeAlias = Callable[[CallBack], Reply]


class StepLike(Protocol):
    """One code cell, by its number."""

    @property
    def index(self) -> int:
        """Its number."""

    @property
    def source(self) -> str:
        """Its text."""


class Dialogue(Closing):
    """One notebook and the child that it runs in. A context manager; not for threads.

    Each cell and each question has the time that the child's limits give (`Limits.cpu_seconds`), what functions that are
    called back take included. SandboxError from any method is our own failure.
    """

    def __init__(
        self, start: Start, steps: Sequence[StepLike], *, modules: Sequence[str] = (), seed: int = 0
    ) -> None:
        """`modules` are loaded before the first cell, and of those that only show things they alone are not stood in for."""
        self.left_out: dict[int, Died] = {}  # cells that hung or ended Python: they are not run again
        # Half of a surrogate pair is legal in JSON; no Python takes it, and no message can carry it.
        self._sources = {step.index: step.source.encode("utf-8", "replace").decode("utf-8") for step in steps}
        self._start, self._modules, self._seed = start, tuple(modules), seed
        self._child: Child | None = None
        self._run: list[int] = []  # cells, in the order in which they ran
        self._lives, self._forgiving = 0, True
        self._depth = 0  # of questions within questions
        self._named: dict[int, str] = {}  # by their handles, the variables that objects were fetched as
        self._given: set[int] = set()  # functions of the asking side that student code may call
        self._hung: dict[bytes, Died] = {}  # questions after which a child was dead
        self._over: Died | None = None  # nothing is run or asked any more
        if sum(map(len, self._sources.values())) > MAX_SOURCE_BYTES:
            self._over = Died("crashed", f"holds more than {MAX_SOURCE_BYTES // 2**20} MiB of code")

    def close(self) -> None:
        """Ends the child, if there is one."""
        if self._child is not None:
            child, self._child = self._child, None
            child.close()

    def run(self, index: int, answer: Answerer | None = None) -> CellRan | Died:
        """Runs a cell; one that does not end, or ends its process, is left out from here on.

        `answer` as for a question; where the cell runs again in another child, no one answers.
        """
        if index in self.left_out:
            return self.left_out[index]
        try:
            self._begin()
            ran = self._ran(index, answer)
        except ChildDiedError as death:
            if self._is_forgiven(death):
                return self.run(index, answer)
            return self._over if self._over is not None else self._leave_out(index, death)
        self._run.append(index)
        return ran

    def do(self, asked: Do, answer: Answerer | None = None) -> Done | Failed | Died:
        """What comes of a question; `answer` is called where student code calls a function of the asking side's.

        It may ask questions itself. Whatever it raises ends the child and is raised.
        """
        if asked.does == "source":
            return self._source(asked)
        held = _handles_in(asked)
        if any(number < self._first for number in held) or (held and self._child is None):
            return Died("crashed", "the object is gone: the process it was in has ended")
        if (key := self._key(asked, held)) in self._hung:
            return self._hung[key]
        if self._depth >= MAX_DEPTH:
            return Died("crashed", f"was asked within itself more than {MAX_DEPTH} times deep")
        try:
            self._begin()
            answered = self._answered(asked, answer)
        except ChildDiedError as death:
            if not held and self._depth == 0 and self._is_forgiven(death):
                return self.do(asked, answer)
            died = self._over or Died(death.reason, death.detail)
            if key and self._over is None:
                self._hung[key] = died
            return died
        if asked.does == "fetch" and isinstance(answered, Done) and isinstance(answered.value, HandleData):
            self._named[answered.value.id] = asked.name
        return answered

    def drop(self, handles: Iterable[int]) -> None:
        """These objects are not asked for again."""
        numbers = [number for number in handles if number >= self._first]
        if self._child is not None and numbers:
            try:
                self._child.send(spoken.Drop(numbers))
            except ChildDiedError as death:
                self._end(death)

    @property
    def _first(self) -> int:
        """The first number of a handle of the child that there is, or of the next one's."""
        return _NUMBERS * (self._lives - (self._child is not None))

    # ----------------------------------------------------------------------------------- lives and deaths

    def _begin(self) -> None:
        """Has a child that has run what was run; ChildDiedError where none is to be had any more."""
        while self._child is None:
            if self._over is None:
                self._over = self._spent()
            if self._over is not None:
                raise ChildDiedError(self._over.reason, self._over.detail, whole=True)
            first = self._first
            self._child = self._start(self._modules) if self._modules else self._start()
            self._lives += 1
            self._named.clear()
            self._tell(self._notebook(first))
            for index in [index for index in self._run if index not in self.left_out]:
                try:
                    self._ran(index)
                except ChildDiedError as death:
                    if not self._is_forgiven(death) and self._over is None:
                        self._leave_out(index, death)
                    break

    def _spent(self) -> Died | None:
        """Why no further child is started; None where one is."""
        if self._lives >= MAX_LIVES:
            return Died("crashed", f"ended its process more than {MAX_LIVES} times")
        own = budget.current()
        if own is None or not (own.is_over or own.taken >= own.seconds):
            return None
        own.is_over = True
        return Died("timeout", f"used up the {own.seconds:g} s that a whole submission may take")

    def _notebook(self, first: int) -> spoken.Notebook:
        real = sorted({name.partition(".")[0] for name in self._modules})
        cells = [CellData(index, source) for index, source in self._sources.items()]
        return spoken.Notebook(cells, self._seed, first, real)

    def _end(self, death: ChildDiedError) -> None:
        self.close()
        if death.whole and self._over is None:
            self._over = Died(death.reason, death.detail)

    def _is_forgiven(self, death: ChildDiedError) -> bool:
        """Whether it did nothing for too long, for the first time: a disk or a machine may have stood still."""
        forgiven = death.idle and self._forgiving
        self._forgiving = self._forgiving and not death.idle
        return forgiven

    def _leave_out(self, index: int, death: ChildDiedError) -> Died:
        died = self.left_out[index] = Died(death.reason, death.detail)
        if len(self.left_out) > MAX_LEFT_OUT:
            told = f"has more than {MAX_LEFT_OUT} cells that do not end by themselves"
            self._over = Died(death.reason, told)
        return died

    # ----------------------------------------------------------------------------------------- one child

    def _tell(self, message: spoken.ToNotebook, *, allowed: bool = True) -> Child:
        """Sends one message, at the beginning of the child's time; ChildDiedError, and then it is ended."""
        child = self._child
        if child is None:
            raise ChildDiedError("crashed", "ended while it was waited for")
        try:
            if allowed:
                child.allow()
            child.send(message)
        except ChildDiedError as death:
            self._end(death)
            raise
        return child

    def _ran(self, index: int, answer: Answerer | None = None) -> CellRan:
        child = self._tell(spoken.RunCell(index))
        match self._heard(child, answer):
            case CellRan(cell=ran) as message if ran == index:
                return message
        raise self._ended("spoke out of turn")

    def _answered(self, asked: Do, answer: Answerer | None) -> Done | Failed:
        """The answer to a question; ChildDiedError, and then the child is ended."""
        (identity,) = messages.random_ids(1)
        self._given |= {
            part.id for part in _parts(asked.args, asked.keywords) if isinstance(part, CallableData)
        }
        child = self._tell(msgspec.structs.replace(asked, id=identity), allowed=self._depth == 0)
        match self._heard(child, answer):
            case Done(id=of) | Failed(id=of) as answered if of == identity:
                if not (wrong := _excess(answered, asked)):
                    return answered
                raise self._ended(wrong)
        raise self._ended("answered out of turn")

    def _heard(self, child: Child, answer: Answerer | None) -> spoken.ToParent:
        """The child's next message that calls no function of the asking side's; those are answered on the way."""
        self._depth += 1
        try:
            for _ in range(MAX_CALLBACKS + 1):
                message = child.receive()
                if not isinstance(message, CallBack):
                    return message
                if answer is None or message.function not in self._given:
                    raise ChildDiedError("crashed", "called a function that it was not given")
                self._tell(answer(_within_bounds(message)), allowed=False)
            raise ChildDiedError("timeout", f"called functions of a test more than {MAX_CALLBACKS} times")
        except ChildDiedError as death:
            self._end(death)
            raise
        except BaseException:
            self.close()
            raise
        finally:
            self._depth -= 1

    def _ended(self, detail: str) -> ChildDiedError:
        """The child is ended for what it said."""
        death = ChildDiedError("crashed", detail)
        self._end(death)
        return death

    # --------------------------------------------------------------------------------------- on this side

    def _source(self, asked: Do) -> Done | Failed:
        """The text of a function or a class, out of the cells that have run: nothing in the child is believed for it."""
        name = asked.name or self._named.get(-1 if asked.target is None else asked.target, "")
        ran = [self._sources[index] for index in self._run if index not in self.left_out]
        text = source_of(name, ran)
        if text is None:
            return Failed(0, "OSError", "could not get source code")
        return Done(0, nodes.PlainData(text))

    def _key(self, asked: Do, held: Sequence[int]) -> bytes:
        """What is the same for the same question about the same notebook; empty where it is about an object of a child's."""
        target = None if asked.target is None else self._named.get(asked.target)
        if held and (held != [asked.target] or target is None):
            return b""
        state = (self._run, sorted(self.left_out), target, asked.does, asked.name)
        return _encoded((state, asked.args, asked.keywords, asked.count))


def _handles_in(asked: Do) -> list[int]:
    """The numbers of the objects that a question is about."""
    found = [] if asked.target is None else [asked.target]
    return found + [part.id for part in _parts(asked.args, asked.keywords) if isinstance(part, HandleData)]


def _parts(args: Iterable[ValueData], keywords: Mapping[str, ValueData]) -> Iterator[nodes.Node]:
    """The nodes of all these values."""
    for data in (*args, *keywords.values()):
        if isinstance(data, nodes.Tree):
            yield from data.nodes
        else:
            yield data


def _excess(answered: Done | Failed, asked: Do) -> str:
    """What an answer speaks of that was not asked, or holds that a child may not send; empty where all is well."""
    arguments = len(asked.args) + len(asked.keywords)
    values = list(answered.args_after)
    if len(values) not in (0, arguments):
        return "handed back what it was not given"
    if isinstance(answered, Failed):
        values += [] if answered.args is None else [answered.args]
        return _forbidden(values)
    if answered.same is not None and answered.same >= arguments:
        return "handed back what it was not given"
    first = answered.value.nodes[0] if isinstance(answered.value, nodes.Tree) else None
    if asked.does == "next" and not (isinstance(first, nodes.ManyData) and first.size <= asked.count):
        return "gave more than it was asked for"
    return _forbidden([answered.value, *values])


def _forbidden(values: Iterable[ValueData]) -> str:
    """Whether something is code, or stands for what this side has under a name or a number."""
    found = any(isinstance(part, _NEVER) for part in _parts(values, {}))
    return "sent what is sent to a child alone" if found else ""


def _within_bounds(called: CallBack) -> CallBack:
    """What a function is called with, where it is little enough to be tried."""
    values: list[ValueData] = [*called.args, *called.keywords.values()]
    if len(called.keywords) > messages.MAX_ARGUMENTS or len(_encoded(values)) > MAX_CALLED_WITH:
        raise ChildDiedError("crashed", "called a function of a test with too much")
    if wrong := _forbidden(values):
        raise ChildDiedError("crashed", wrong)
    return called

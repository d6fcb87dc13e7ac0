"""The trusted side's half of a child: hands it a program and calls, and collects plain outcomes.

The conversation is the same for every kind of child; `locked.py` is the locked-in one that grading uses,
`selfcheck/plain.py` the portable one of self-checks. Whatever a child does, this side ends with an outcome for every
call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from autograder.child import messages, packing, spoken
from autograder.child.cells import names
from autograder.child.nodes import WireError
from autograder.closing import Closing
from autograder.data import Argument
from autograder.records import Asks, Cell, Died, Outcome, Raised, Returned, TracedValue
from autograder.sandbox import upcalls
from autograder.sandbox.outcomes import ChildDiedError, outcome_of, traced_of
from autograder.sandbox.upcalls import Answerer

MAX_ASKS = 200  # upcalls between two answers
MAX_SOURCE_BYTES = 8 * 2**20  # of all cells together
_MESSAGES_A_CELL = 3  # about to be read, about to run, failed
MAX_LEFT_OUT = 8  # cells that may hang or kill before the whole submission is given up
# Seconds after which a child is asked for no further function: the kernel's own limit, which is more than this beyond the
# time of one function, is for its whole life.
_QUICK: Final = 2.0


class Child(Protocol):
    """One running child."""

    def send(self, message: spoken.ToChild) -> None:
        """Delivers one message; ChildDiedError where the child does not take it in time."""

    def receive(self) -> spoken.ToParent:
        """The child's next message; ChildDiedError where none comes in time or it is no message."""

    def allow(self, cpu_seconds: float | None = None) -> None:
        """Gives the child its full time again, or another: for the cells, and again for the calls."""

    def close(self) -> str:
        """Ends the child and returns what it printed, cut to the limit."""


# A fresh child; where a request needs modules, it is called with these.
Start: TypeAlias = Callable[..., Child]


@dataclass(frozen=True)
class Request:
    """What is to be run: one function of one notebook, and the calls in batches, each sent after the last."""

    function: str  # or the class or the variable
    cells: Sequence[tuple[Cell, bool]]  # each with whether it is the handout's own text
    batches: Sequence[Sequence[Sequence[Argument]]]  # no later batch is known to the child before its turn
    replaced: Sequence[str] = ()
    arity: Mapping[str, int] = field(default_factory=dict)  # how many arguments of each of these are answered
    right: Sequence[str] = ()  # those of these that are answered only where the student's own has that value
    answer: Answerer | None = None
    hide: Sequence[Sequence[str]] = ()  # for each batch, notebook variables to take away
    left_out: Mapping[int, Died] = field(default_factory=dict)  # cells known to hang or kill: not run again
    trace: bool = False  # also which arrays the function's lines make
    definitions: Mapping[str, int] = field(default_factory=dict)  # see messages.Program, and for the next
    as_it_stood: bool = False
    asks: Asks = "result"
    seeds: Sequence[Sequence[int]] = ()  # of the global generators, as the batches; none: whatever comes
    modules: Sequence[str] = ()  # that a child has loaded from its start


@dataclass
class Run:
    """What came of a request."""

    outcomes: list[list[Outcome]]  # as the batches
    defined: bool = False
    cell: int | None = None  # the cell that defines the function
    first_line: int = 1
    reads: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()  # modules the grader has not
    lacking: tuple[str, ...] = ()  # those of them that the function's own code uses
    left_out: dict[int, Died] = field(default_factory=dict)  # cells that hung or killed
    failed: dict[int, Raised] = field(default_factory=dict)  # cells that raised
    asked: set[str] = field(default_factory=set)  # replaced functions that were called
    ended: Died | None = None  # where the notebook as a whole could not be run
    printed: str = ""
    traced: list[TracedValue] = field(default_factory=list)  # where asked for: of all calls, in order
    proven: bool = False  # the code keeps nothing from call to call
    differs: bool = False  # a child that answers for other functions too has answered otherwise

    def fill(self, request: Request, outcome: Outcome) -> None:
        """Gives every call that has no outcome yet this one."""
        for outcomes, batch in zip(self.outcomes, request.batches, strict=True):
            outcomes += [outcome] * (len(batch) - len(outcomes))


def run(start: Start, request: Request) -> Run:
    """Runs `request` in a fresh child; cells that hang or kill are left out and the rest run again."""
    with Series(start) as series:
        result = series.run(request)
        result.printed = series.close()
    return result


class Series(Closing):
    """Runs requests about one notebook, one after the other, in one child for as long as it lives. A context manager.

    More than one request only where the code is proven to keep nothing from call to call: a child of such code gives
    what a fresh one would.
    """

    def __init__(self, start: Start, functions: Sequence[str] = ()) -> None:
        """`functions` are all that may be asked for."""
        self._start, self._functions = start, functions
        self._child: Child | None = None
        self._talk: Conversation | None = None
        self._since = 0.0
        self._printed = ""

    def close(self) -> str:
        """Ends the child, if there is one: the next request gets another. Returns what the last one printed."""
        if self._child is not None:
            self._printed = self._child.close()
        self._child = self._talk = None
        return self._printed

    def hand_over(self, request: Request, result: Run) -> tuple[Child, Conversation] | None:
        """The child that there is, made ready for a request by whoever goes on with it and ends it; None where none is.

        ChildDiedError where it ended over that.
        """
        talk, child = self._going_on(request.left_out), self._child
        if talk is None or child is None:
            return None
        talk.turn_to(request, result)
        self._child = self._talk = None
        return child, talk

    def run(self, request: Request) -> Run:
        """What comes of a request; cells that hang or kill are left out and the rest run again.

        A child that idles for too long is tried again in another one, as a disk or a machine may have stood still. Once
        alone, so that who sleeps on purpose gains no more than that.
        """
        left_out = dict(request.left_out)
        forgiving = True
        while len(left_out) <= MAX_LEFT_OUT:
            try:
                result = self._once(request, left_out, forgiving=forgiving)
            except _IdleError:
                forgiving = False
                continue
            if result is not None:
                return result
        last = list(left_out.values())[-1]
        died = Died(last.reason, f"has more than {MAX_LEFT_OUT} cells that do not end by themselves")
        outcomes: list[list[Outcome]] = [[died for _ in batch] for batch in request.batches]
        return Run(outcomes, left_out=left_out, ended=died)

    def _once(self, request: Request, left_out: dict[int, Died], *, forgiving: bool) -> Run | None:
        """One try with the cells that are left; None where another cell had to be left out, _IdleError if `forgiving`."""
        result = Run([[] for _ in request.batches], left_out=left_out)
        talk = self._going_on(left_out)
        try:
            if talk is not None:
                talk.turn_to(request, result)
            else:
                talk = self._begun(request, result)
                talk.run_cells(self._functions)
            if result.defined:
                talk.make_calls()
            else:
                unknown = Raised("NameError", f"name '{request.function}' is not defined")
                result.fill(request, unknown)
        except ChildDiedError as death:
            self.close()
            if death.idle and forgiving:
                raise _IdleError from None
            died = Died(death.reason, death.detail)
            if not death.whole and talk is not None and (blamed := talk.to_blame(died)) is not None:
                left_out[blamed] = died
                return None
            if not result.defined:
                result.ended = died
            result.fill(request, died)
        return result

    def _going_on(self, left_out: Mapping[int, Died]) -> Conversation | None:
        """The conversation with the child that there is, if it has run the same cells and has time left."""
        if self._talk is not None and (
            not self._talk.has_left_out(left_out) or time.monotonic() - self._since > _QUICK
        ):
            self.close()
        return self._talk

    def _begun(self, request: Request, result: Run) -> Conversation:
        """A conversation with a fresh child."""
        self._child = self._start(request.modules) if request.modules else self._start()
        self._since = time.monotonic()
        self._talk = Conversation(self._child, request, result)
        return self._talk


class _IdleError(Exception):
    """The child did nothing for too long, which does not count yet."""


class Conversation:
    """What is said to one child about one request, and what it answers, written down in `result`."""

    def __init__(self, child: Child, request: Request, result: Run) -> None:
        self._child, self._request, self._result = child, request, result
        self._clock = _Stopwatch()

    def has_left_out(self, cells: Mapping[int, Died]) -> bool:
        """Whether these cells, and no others, were not run."""
        return self._result.left_out.keys() == cells.keys()

    def turn_to(self, request: Request, result: Run) -> None:
        """Has another function of the same notebook be the one that is asked; ChildDiedError where the child ended."""
        result.failed = self._result.failed
        self._request, self._result = request, result
        self._child.allow()
        self._child.send(
            messages.Turn(
                request.function,
                list(request.replaced),
                dict(request.arity),
                list(request.right),
                request.asks,
            )
        )
        match self.receive():
            case messages.Ready() as ready:
                self._take(ready)
            case _:
                raise ChildDiedError("crashed", "spoke out of turn")

    def run_cells(self, also: Sequence[str] = ()) -> None:
        """Has the cells run that are not left out; ChildDiedError where one of them ended the child.

        `also` are functions whose turn may come later.
        """
        result = self._result
        cells = {
            cell.index: (cell, handout)
            for cell, handout in self._request.cells
            if cell.index not in result.left_out
        }
        self._child.send(_program(self._request, cells.values(), also))
        for _ in range(_MESSAGES_A_CELL * len(cells) + 1):
            match self.receive():
                case messages.Running(cell=cell) if cell in cells:
                    self._clock.turn_to(cell)
                case messages.CellFailed(cell=cell, exception=name, message=message) if cell in cells:
                    result.failed[cell] = Raised(name, message)
                case messages.Ready() as ready:
                    break
                case _:
                    raise ChildDiedError("crashed", "spoke out of turn")
        else:
            raise ChildDiedError("crashed", "spoke too often")
        self._clock.turn_to(None)
        self._take(ready)

    def _take(self, ready: messages.Ready) -> None:
        """Writes down what is known of the function."""
        result = self._result
        result.defined, result.cell, result.first_line = ready.defined, ready.cell, ready.first_line
        result.reads, result.absent, result.lacking = (
            tuple(ready.reads),
            tuple(ready.absent),
            tuple(ready.lacking),
        )

    def make_calls(self) -> None:
        """Makes the calls, batch after batch; ChildDiedError where one of them ended the child."""
        self._child.allow()
        for number, batch in enumerate(self._request.batches):
            hide = self._request.hide[number] if self._request.hide else ()
            seeds = self._request.seeds[number] if self._request.seeds else ()
            self._call(batch, seeds, hide, self._result.outcomes[number])

    def to_blame(self, died: Died) -> int | None:
        """The cell that ended the child; None where no cell was running."""
        if self._clock.running is None:
            return None
        # The time is that of all cells together: the slowest is to blame, not the one it ran out on.
        return self._clock.slowest() if died.reason == "timeout" else self._clock.running

    def _call(
        self,
        batch: Sequence[Sequence[Argument]],
        seeds: Sequence[int],
        hide: Sequence[str],
        outcomes: list[Outcome],
    ) -> None:
        """Sends one batch and appends an outcome for each of its calls."""
        ids = messages.random_ids(len(batch))
        calls = [
            messages.Call(identity, seed, [packing.pack(argument) for argument in args])
            for identity, seed, args in zip(ids, seeds or [one >> 1 for one in ids], batch, strict=True)
        ]
        self._child.send(messages.Calls(calls, list(hide), self._request.trace))
        for identity in ids:
            message = self.receive()
            outcomes.append(outcome_of(message, identity))
            if isinstance(message, messages.Result | messages.Failure) and message.changed:
                _overwrite(outcomes, [place for place, one in enumerate(ids) if one in message.changed])
            if self._request.trace:
                self._result.traced += traced_of(self.receive(), identity)

    def receive(self) -> spoken.ToParent:
        """The child's next message that is no upcall; upcalls are answered on the way."""
        for _ in range(MAX_ASKS + 1):
            message = self._child.receive()
            if not isinstance(message, messages.Ask):
                return message
            if message.name not in self._request.replaced or self._request.answer is None:
                raise ChildDiedError("crashed", "asked for a function that is not there")
            self._result.asked.add(message.name)
            try:
                answer = upcalls.answered(self._request.answer, message)
            except WireError as error:
                raise ChildDiedError("crashed", str(error)) from None
            self._child.send(answer)
        raise ChildDiedError("timeout", f"called other functions more than {MAX_ASKS} times")


def _overwrite(outcomes: list[Outcome], places: Sequence[int]) -> None:
    """Marks those results that a later call has changed."""
    for place in places:
        if isinstance(known := outcomes[place], Returned):
            outcomes[place] = replace(known, overwritten=True)


class _Stopwatch:
    """Which cell is running, and how long each has taken, in seconds of wall time."""

    def __init__(self) -> None:
        self.running: int | None = None
        self._since = 0.0
        self._seconds: dict[int, float] = {}

    def turn_to(self, cell: int | None) -> None:
        """The running cell is done, and this one begins."""
        now = time.monotonic()
        if self.running is not None:
            self._seconds[self.running] = self._seconds.get(self.running, 0.0) + now - self._since
        self.running, self._since = cell, now

    def slowest(self) -> int:
        """The cell that has taken most time, the running one included."""
        self.turn_to(self.running)
        return max(self._seconds, key=lambda cell: self._seconds[cell])


def _program(
    request: Request, cells: Iterable[tuple[Cell, bool]], also: Sequence[str] = ()
) -> messages.Program:
    """The cells as data; ChildDiedError where they are more than a child can be handed."""
    # Half of a surrogate pair is legal in JSON; no Python takes it, and no message can carry it.
    sources = []
    for cell, handout in cells:
        text = cell.source.encode("utf-8", "replace").decode("utf-8")
        sources.append(messages.CellData(cell.index, text, names(text.strip()) if handout else None))
    if sum(len(cell.source.encode()) for cell in sources) > MAX_SOURCE_BYTES:
        raise ChildDiedError("crashed", f"holds more than {MAX_SOURCE_BYTES // 2**20} MiB of code")
    return messages.Program(
        sources,
        request.function,
        list(request.replaced),
        definitions=dict(request.definitions),
        as_it_stood=request.as_it_stood,
        arity=dict(request.arity),
        right=list(request.right),
        asks=request.asks,
        also=list(also),
    )

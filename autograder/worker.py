"""The trusted side's half of a child: hands it a program and calls, and collects plain outcomes.

The conversation is the same for every kind of child; `sandbox.py` gives the locked-in one that grading uses,
`plain.py` the portable one of self-checks. Whatever a child does, this side ends with an outcome for every
call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from autograder import wire
from autograder.records import Argument, Array, Cell, Died, Outcome, Raised, Returned, Value

MAX_ASKS = 200  # upcalls between two answers
MAX_ASK_BYTES = 2**20
MAX_ASK_SIDE = 1024  # of any dimension: two legal arguments must not make an enormous product
MAX_LEFT_OUT = 8  # cells that may hang or kill before the whole submission is given up


class ChildDiedError(Exception):
    """The child ended, or was ended, before it answered."""

    def __init__(self, reason: Literal["timeout", "out-of-memory", "crashed"], detail: str = "") -> None:
        super().__init__(detail)
        self.reason: Literal["timeout", "out-of-memory", "crashed"] = reason
        self.detail = detail


class Child(Protocol):
    """One running child."""

    def send(self, message: wire.ToChild) -> None:
        """Delivers one message; ChildDiedError where the child does not take it in time."""

    def receive(self) -> wire.ToParent:
        """The child's next message; ChildDiedError where none comes in time or it is no message."""

    def allow(self) -> None:
        """Gives the child its full time again: for the cells, and again for the calls."""

    def close(self) -> str:
        """Ends the child and returns what it printed, cut to the limit."""


# Answers a call of a replaced function with its name and arguments: a value, or the exception that is due.
Answerer: TypeAlias = Callable[[str, Sequence[Argument]], "Value | Exception"]


@dataclass(frozen=True)
class Request:
    """What is to be run: one function of one notebook, and the calls in batches, each sent after the last."""

    function: str
    cells: Sequence[tuple[Cell, bool]]  # each with whether it is the handout's own text
    batches: Sequence[Sequence[Sequence[Argument]]]  # no later batch is known to the child before its turn
    replaced: Sequence[str] = ()
    answer: Answerer | None = None
    hide: Sequence[Sequence[str]] = ()  # for each batch, notebook variables to take away


@dataclass
class Run:
    """What came of a request."""

    outcomes: list[list[Outcome]]  # as the batches
    defined: bool = False
    cell: int | None = None  # the cell that defines the function
    first_line: int = 1
    reads: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()  # modules the grader has not
    left_out: dict[int, Died] = field(default_factory=dict)  # cells that hung or killed
    failed: dict[int, Raised] = field(default_factory=dict)  # cells that raised
    asked: set[str] = field(default_factory=set)  # replaced functions that were called
    ended: Died | None = None  # where the notebook as a whole could not be run
    printed: str = ""


def run(start: Callable[[], Child], request: Request) -> Run:
    """Runs `request` in a fresh child; cells that hang or kill are left out and the rest run again."""
    left_out: dict[int, Died] = {}
    while True:
        result = _once(start, request, left_out)
        if result is not None:
            return result
        if len(left_out) > MAX_LEFT_OUT:
            last = list(left_out.values())[-1]
            died = Died(last.reason, f"more than {MAX_LEFT_OUT} cells do not end by themselves")
            outcomes: list[list[Outcome]] = [[died for _ in batch] for batch in request.batches]
            return Run(outcomes, left_out=left_out, ended=died)


def _once(start: Callable[[], Child], request: Request, left_out: dict[int, Died]) -> Run | None:
    """One try with the cells that are left; None where another cell had to be left out."""
    result = Run([[] for _ in request.batches], left_out=left_out)
    running: int | None = None
    child = start()
    try:
        child.send(
            wire.Program(
                [
                    wire.CellData(cell.index, cell.source, handout)
                    for cell, handout in request.cells
                    if cell.index not in left_out
                ],
                request.function,
                list(request.replaced),
            )
        )
        while True:
            match _receive(child, request, result):
                case wire.Running(cell=running):
                    pass
                case wire.CellFailed(cell=cell, exception=name, message=message):
                    result.failed[cell] = Raised(name[: wire.MAX_TEXT], message[: wire.MAX_TEXT])
                case wire.Ready() as ready:
                    break
                case _:
                    raise ChildDiedError("crashed", "spoke out of turn")
        running = None
        result.defined, result.cell, result.first_line = ready.defined, ready.cell, ready.first_line
        result.reads, result.absent = tuple(ready.reads[:50]), tuple(ready.absent[:50])
        if result.defined:
            child.allow()
            for number, batch in enumerate(request.batches):
                hide = request.hide[number] if request.hide else ()
                _call(child, request, batch, hide, result, result.outcomes[number])
    except ChildDiedError as death:
        died = Died(death.reason, death.detail)
        if running is not None and running not in left_out:
            left_out[running] = died
            return None
        if running is not None:
            left_out[-len(left_out) - 1] = died  # a child that lies about its cells; the tries stay bounded
            return None
        if not result.defined:
            result.ended = died
        for outcomes, batch in zip(result.outcomes, request.batches, strict=True):
            outcomes += [died] * (len(batch) - len(outcomes))
    finally:
        result.printed = child.close()
    return result


def _call(
    child: Child,
    request: Request,
    batch: Sequence[Sequence[Argument]],
    hide: Sequence[str],
    result: Run,
    outcomes: list[Outcome],
) -> None:
    """Sends one batch and appends an outcome for each of its calls."""
    ids = wire.random_ids(len(batch))
    calls = [
        wire.Call(identity, identity >> 1, [wire.pack_argument(argument) for argument in args])
        for identity, args in zip(ids, batch, strict=True)
    ]
    child.send(wire.Calls(calls, list(hide)))
    for identity in ids:
        match _receive(child, request, result):
            case wire.Result(id=answered, value=value, args_after=after) if answered == identity:
                try:
                    returned = Returned(
                        wire.unpack_value(value), tuple(wire.unpack_after(argument) for argument in after)
                    )
                except wire.WireError as error:
                    raise ChildDiedError("crashed", str(error)) from None
                outcomes.append(returned)
            case wire.Failure(id=answered, exception=name, message=message, line=line) if (
                answered == identity
            ):
                outcomes.append(Raised(name[: wire.MAX_TEXT], message[: wire.MAX_TEXT], line))
            case _:
                raise ChildDiedError("crashed", "answered out of turn")


def _receive(child: Child, request: Request, result: Run) -> wire.ToParent:
    """The child's next message that is no upcall; upcalls are answered on the way."""
    for _ in range(MAX_ASKS + 1):
        message = child.receive()
        if not isinstance(message, wire.Ask):
            return message
        if message.name not in request.replaced or request.answer is None:
            raise ChildDiedError("crashed", "asked for a function that is not there")
        result.asked.add(message.name)
        child.send(_answer(request.answer, message))
    raise ChildDiedError("timeout", f"called other functions more than {MAX_ASKS} times")


def _answer(answer: Answerer, ask: wire.Ask) -> wire.Answer:
    try:
        arguments = [_ask_argument(data) for data in ask.args]
    except wire.WireError as error:
        raise ChildDiedError("crashed", str(error)) from None
    if any(argument is None for argument in arguments):
        return wire.Answer(None, "TypeError")
    value: Any = answer(ask.name, [argument for argument in arguments if argument is not None])
    if isinstance(value, Exception):
        return wire.Answer(None, type(value).__name__)
    if isinstance(value, tuple):
        return wire.Answer(wire.PartsData([wire.pack_array(part) for part in value]))
    array: Array = value
    return wire.Answer(wire.pack_array(array))


def _ask_argument(data: wire.ValueData) -> Argument | None:
    argument = wire.unpack_after(data)
    if argument is None:
        return None
    size = argument.nbytes if not isinstance(argument, list) else sum(len(word) for word in argument)
    shape = (len(argument),) if isinstance(argument, list) else argument.shape
    if size > MAX_ASK_BYTES or any(side > MAX_ASK_SIDE for side in shape):
        raise wire.WireError("an argument of another function is too large")
    return argument

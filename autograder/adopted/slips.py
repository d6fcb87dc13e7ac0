"""What the exam process, in which test cells run, and the one that grades say to each other.

Frames and values are those of the pipe to a child (`child/wire.py`, `child/nodes.py`): the exam process is trusted, but what
it holds came from student code, and a closed set of records is as cheap as anything else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import msgspec

from autograder.adopted.papers import Paper
from autograder.child import spoken, wire
from autograder.child.nodes import ValueData, WireError


class _Slip(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    pass


class HeldCell(_Slip):
    """One code cell of the instructor's notebook."""

    index: int
    kind: str
    source: str
    shown: str  # what students get of it
    hidden: list[int]  # the lines that students do not get, from 1


class Prepare(_Slip, tag="prepare"):
    """What the warm process makes itself ready for."""

    cells: list[HeldCell]


class Begin(_Slip, tag="begin"):
    """The first message to an exam process: where it works, and what test cells may hand to objects of the student's."""

    folder: str
    permitted: list[str] | None  # the places (see `link.Link`) at which they may; None: everywhere
    memory_bytes: int  # beyond what it was forked with
    most: int  # values that one cell takes out of objects by going through them
    readable: list[str] = []  # with the folder, all that it may read; empty: all that its user may


class RunStep(_Slip, tag="run-step"):
    """Runs a cell of the instructor's."""

    cell: int  # among all of the instructor's notebook
    bound: list[str]  # names that cells have bound in the student's, since the last one
    max_score: float = 0.0


class Gone(_Slip, tag="gone"):
    """In the place of an answer: student code did not finish, or ended its process; all handles are stale."""

    reason: Literal["timeout", "out-of-memory", "crashed"]
    detail: str


class Question(_Slip, tag="question"):
    """A test cell asks something of the student's notebook; the answer is Done, Failed or Gone, and CallBacks before it."""

    do: spoken.Do
    said: str  # as the cell has it
    name: str  # of the function or the variable
    line: int  # of the cell
    hidden: bool


class Compared(_Slip):
    """Two values that an assertion compared, as data."""

    got: ValueData | None  # None: there is none
    expected: ValueData | None
    comparison: str
    said: str
    names: list[str]


class Failing(_Slip):
    """Why a cell did not run to its end."""

    how: Literal["assert", "raised", "student", "died", "bounds"]
    exception: str
    message: str
    line: int | None
    hidden: bool
    statement: str
    compared: Compared | None = None


class StepDone(_Slip, tag="step-done"):
    """A cell has run."""

    score: float
    failing: Failing | None
    printed: str
    handles: bool  # it used an object that stays with the child
    asked: bool  # it asked anything of the student's notebook
    places: list[str]  # at which it handed a value to such an object


ToExam: TypeAlias = Begin | RunStep | Gone | spoken.Done | spoken.Failed | spoken.CallBack
FromExam: TypeAlias = Question | StepDone | spoken.Reply | spoken.Drop

_encoder: Final = msgspec.msgpack.Encoder()
_to_exam: Final[msgspec.msgpack.Decoder[ToExam]] = msgspec.msgpack.Decoder(ToExam)
_from_exam: Final[msgspec.msgpack.Decoder[FromExam]] = msgspec.msgpack.Decoder(FromExam)
_prepare: Final = msgspec.msgpack.Decoder(Prepare)


def frame(message: ToExam | FromExam | Prepare) -> bytes:
    """The bytes of one message; WireError where it is larger than a frame may be."""
    body = _encoder.encode(message)
    if len(body) > 2 * wire.MAX_FRAME:
        raise WireError("a message is larger than a frame may be")
    return wire.LENGTH.pack(len(body)) + body


def prepared(paper: Paper) -> Prepare:
    """What the warm process is told of a notebook."""
    return Prepare(
        [
            HeldCell(cell.index, cell.kind, cell.source, cell.shown, sorted(cell.hidden))
            for cell in paper.cells
            if cell.is_code
        ]
    )


def to_exam(body: bytes) -> ToExam:
    """One message to the exam process."""
    return _to_exam.decode(body)


def from_exam(body: bytes) -> FromExam:
    """One message of the exam process; WireError where it is none."""
    try:
        return _from_exam.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"not a message: {error}") from None


def prepare(body: bytes) -> Prepare:
    """What the warm process is told first."""
    return _prepare.decode(body)


def body_length(header: bytes) -> int:
    """The length that a frame's first four bytes announce; WireError where it is too large."""
    length: int = wire.LENGTH.unpack(header)[0]
    if length > 2 * wire.MAX_FRAME:
        raise WireError("a frame that is too large was announced")
    return length


def read(descriptor: int) -> bytes:
    """The body of the next message, blocking; EOFError where the other side has gone."""
    return _exactly(descriptor, body_length(_exactly(descriptor, wire.LENGTH.size)))


def write(descriptor: int, message: ToExam | FromExam | Prepare) -> None:
    """Sends one message, blocking."""
    rest = memoryview(frame(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _exactly(descriptor: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 2**20))
        if not part:
            raise EOFError("the other side has gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


Receive: TypeAlias = Callable[[], ToExam]
Send: TypeAlias = Callable[[FromExam], None]

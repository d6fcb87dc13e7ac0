"""What is said between the trusted side and a child that runs student code: a closed set of records.

The values in a message are nodes (`nodes.py`). How messages cross a pipe, and what is refused there, says `wire.py`; where
the one who asks and the student's code share a process, as in a browser, they are handed over as they are.
"""

from __future__ import annotations

import os
from typing import Annotated, Any, Final

import numpy as np

from autograder.child import nodes
from autograder.child.nodes import ArrayData, ValueData
from autograder.child.structs import Meta, Struct
from autograder.data import Asks

MAX_PARTS: Final = 16  # arrays in one returned sequence
MAX_ARGUMENTS: Final = 64  # of one call
MAX_CALLS: Final = 1000  # of one batch, that are told of
MAX_NAMES: Final = 50  # variables or modules told of
MAX_LINE: Final = 10**6
MAX_TRACED: Final = 200  # values of one trace
MAX_HELD: Final = 20  # of them what variables hold at the end
MAX_TRACED_SIZE: Final = 4096  # numbers in one of them
_Text = nodes.Name
_NamesTold = Annotated[list[_Text], Meta(max_length=MAX_NAMES)]
_Index = Annotated[int, Meta(ge=0, le=MAX_LINE)]
_Arguments = Annotated[list[ValueData], Meta(max_length=MAX_ARGUMENTS)]
_Calls = Annotated[list[int], Meta(max_length=MAX_CALLS)]


class _Message(Struct, array_like=True, forbid_unknown_fields=True):
    pass


# -------------------------------------------------------------------------------- trusted side to child


class Names(_Message):
    """What a cell binds and reads; `*` stands for any name."""

    binds: list[str]
    reads: list[str]


class CellData(_Message):
    """One code cell to run."""

    index: int
    source: str
    handout: Names | None = None  # of a cell as it was released, which is passed over where nothing needs it


class Program(_Message, tag="program"):
    """What a child runs before it is asked anything."""

    cells: list[CellData]
    function: str  # the one it will be asked for
    replaced: list[str]  # functions whose calls the trusted side answers (error carried forward)
    # The cell whose `def` of a graded function counts, whatever comes after it.
    definitions: dict[str, int] = {}
    as_it_stood: bool = False  # other names too stand for what they did when the function's cell had run
    arity: dict[str, int] = {}  # how many arguments of each are answered; more are for the student's own
    right: list[str] = []  # those that are right themselves: answered only where theirs has that value
    asks: Asks = "result"  # what is asked: of a function, or of the class or variable of that name
    also: list[str] = []  # other functions that it may be asked for later, by a `Turn`


class Turn(_Message, tag="turn"):
    """From here on another function is asked for, beside other stand-ins; all is meant as in `Program`.

    Only where the code is proven to keep nothing from call to call.
    """

    function: str
    replaced: list[str]
    arity: dict[str, int] = {}
    right: list[str] = []
    asks: Asks = "result"


class Call(_Message):
    """One call of the function."""

    id: int  # drawn at random: an answer sent ahead cannot match
    seed: int  # of NumPy's and Python's global generators
    args: list[ValueData]


class Calls(_Message, tag="calls"):
    """Calls to be answered in order."""

    calls: list[Call]
    hide: list[str] = []  # notebook variables taken away meanwhile, to see whether the function reads them
    trace: bool = False  # each answer is followed by the arrays that the function's lines made


class Redefinition(_Message):
    """One definition of the notebook, written otherwise: it runs among the notebook's variables, as its cell did."""

    name: str  # that it binds
    cell: int  # that it is from
    source: str


class Edit(_Message):
    """A small edit of the notebook's code, and what its calls are answered with."""

    ids: list[int]  # as the calls
    definitions: list[Redefinition]


class Edits(_Message, tag="edits"):
    """Edits to be tried in order, each for itself: all calls for the first, then all for the second."""

    edits: list[Edit]
    calls: list[Call]
    steps: int  # lines that one call may run
    back: bool = True  # the arguments are asked back with each result


class Answer(_Message, tag="answer"):
    """The trusted side's reply to an `Ask`."""

    value: ValueData | None  # None: the right function raises on this input
    exception: str = ""


# -------------------------------------------------------------------------------- child to trusted side


class Locked(_Message, tag="locked"):
    """The child has locked itself in; dying before this is our failure, never the student's."""


class Running(_Message, tag="running"):
    """The child is about to run this cell; should it die now, the cell is to blame."""

    cell: _Index


class CellFailed(_Message, tag="cell-failed"):
    """A cell raised; the later ones run all the same."""

    cell: _Index
    exception: _Text
    message: _Text


class Ready(_Message, tag="ready"):
    """All cells have run, or the turn of another function has come."""

    defined: bool  # the function exists and can be called
    cell: _Index | None  # the cell that defines it
    first_line: _Index  # of its definition within that cell
    reads: _NamesTold  # notebook variables that its code reads
    absent: _NamesTold  # modules that the notebook imports and the grader has not
    lacking: _NamesTold = []  # those of them that the function's own code uses


class Ask(_Message, tag="ask"):
    """The student's function calls a replaced one."""

    name: _Text
    args: _Arguments


class Result(_Message, tag="result"):
    """The function returned."""

    id: int
    value: ValueData
    args_after: _Arguments
    changed: _Calls = []  # after the last of a batch: those of its calls whose results a later one has changed


class Failure(_Message, tag="failure"):
    """The function raised."""

    id: int
    exception: _Text
    message: _Text
    line: _Index | None  # within the defining cell
    ancestors: _NamesTold = []  # of the exception's class
    args_after: _Arguments = []
    changed: _Calls = []  # as of a result


class TracedData(_Message):
    """An array that a line of the function made or changed."""

    line: _Index  # within the cell
    name: _Text  # the variable; `return`, or `return[0]` and so on, for what was returned
    value: ArrayData
    held: bool = False  # what the variable holds as the function returns; `line` made it, 0: not known


class Trace(_Message, tag="trace"):
    """What the lines of a call made, in order, after its answer."""

    id: int
    values: Annotated[list[TracedData], Meta(max_length=MAX_TRACED)]


ToChild = Program | Turn | Calls | Edits | Answer
ToParent = Locked | Running | CellFailed | Ready | Ask | Result | Failure | Trace


def random_ids(count: int) -> list[int]:
    """Numbers by which answers are matched to calls, that no one can guess."""
    raw = os.urandom(4 * count)
    return [int(number) for number in np.frombuffer(raw, np.uint32)]


def clip(text: Any) -> str:
    """Text of the student's, cut in the middle; whatever its own methods do, a string comes back."""
    try:
        text = str(text)
    except BaseException:
        return "(its text could not be read)"
    if len(text) > nodes.MAX_TEXT:
        text = f"{text[: nodes.MAX_TEXT // 2 - 2]} … {text[-nodes.MAX_TEXT // 2 + 2 :]}"
    # Lone surrogates cannot be encoded; the message would be lost with them.
    return str(text.encode("utf-8", "replace").decode("utf-8"))

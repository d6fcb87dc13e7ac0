"""What is said about a whole notebook that is run cell by cell: the questions that test cells ask, and their answers.

A value in these messages may hold handles: numbers of objects that stay in the child. What the asking side hands over are
plain values, handles that it was given, and functions of its own, by number, which the child calls back.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from autograder.child import nodes
from autograder.child.messages import MAX_ARGUMENTS, MAX_LINE, CellData
from autograder.child.nodes import ValueData
from autograder.child.structs import Meta, Struct

MAX_BOUND: Final = 1000  # names that one cell binds
MAX_PRINTED: Final = 64 * 1024  # characters

_Text = nodes.Name
_Arguments = Annotated[list[ValueData], Meta(max_length=MAX_ARGUMENTS)]
_Index = Annotated[int, Meta(ge=0, le=MAX_LINE)]
_Printed = Annotated[str, Meta(max_length=MAX_PRINTED)]

# fetch: the value of the variable `name`. Of `target`: call (with args and keywords), attribute and method (`name`),
# item, set-item, set-attribute, delete-item, length, iterate (a handle of an iterator), next (up to `count` values; fewer: it has
# ended), contains, truth, text (str), representation (repr), operator (`name` such as "add", with the other side in args),
# is-a (whether it is an instance of the class in args), source (the text of the cell or function that defines it),
# array (as an array). axes: what is drawn, as data.
Does: TypeAlias = Literal[
    "fetch",
    "call",
    "attribute",
    "method",
    "item",
    "set-item",
    "set-attribute",
    "delete-item",
    "length",
    "iterate",
    "next",
    "contains",
    "truth",
    "text",
    "representation",
    "operator",
    "is-a",
    "source",
    "array",
    "axes",
]


class _Message(Struct, array_like=True, forbid_unknown_fields=True):
    pass


# -------------------------------------------------------------------------------- trusted side to child


class Notebook(_Message, tag="notebook"):
    """The code cells of a notebook, to be run one by one, each when it is told to."""

    cells: list[CellData]
    seed: int = 0  # of the global generators, before the first


class RunCell(_Message, tag="run-cell"):
    """Runs this cell, among the variables that those before it left."""

    cell: int


class Do(_Message, tag="do"):
    """One question about what the notebook holds now."""

    id: int
    does: Does
    target: int | None = None  # the handle that it is about
    name: str = ""
    args: list[ValueData] = []
    keywords: dict[str, ValueData] = {}
    count: int = 0


class Drop(_Message, tag="drop"):
    """These handles are not asked for again; there is no answer."""

    handles: list[int]


class Reply(_Message, tag="reply"):
    """What a function of the asking side gives, which the child has called back."""

    value: ValueData | None  # None: it raised
    exception: str = ""  # the name of one of Python's own
    message: str = ""


# -------------------------------------------------------------------------------- child to trusted side


class CellRan(_Message, tag="cell-ran"):
    """A cell has run to its end or to what it raised."""

    cell: _Index
    binds: Annotated[
        list[_Text], Meta(max_length=MAX_BOUND)
    ]  # variables that are new or another object than before
    printed: _Printed
    exception: _Text = ""  # empty: it raised nothing
    message: _Text = ""
    ancestors: Annotated[list[_Text], Meta(max_length=50)] = []
    line: _Index | None = None
    absent: Annotated[list[_Text], Meta(max_length=50)] = []  # modules that it imports and the grader has not


class Done(_Message, tag="done"):
    """A question is answered."""

    id: int
    value: ValueData
    args_after: _Arguments = []  # the arguments of a call or a method; `OtherData` for what is not handed back
    printed: _Printed = ""
    more: bool = False  # of `next`: it has not ended


class Failed(_Message, tag="failed"):
    """What was asked raised."""

    id: int
    exception: _Text
    message: _Text
    line: _Index | None = None  # of the cell `cell`
    cell: _Index | None = None
    ancestors: Annotated[list[_Text], Meta(max_length=50)] = []
    kind: Annotated[int, Meta(ge=0)] | None = None  # the handle of its class, where the notebook defines that
    args_after: _Arguments = []
    printed: _Printed = ""


class CallBack(_Message, tag="call-back"):
    """Student code calls a function of the asking side."""

    function: int
    args: _Arguments
    keywords: dict[str, ValueData] = {}


ToNotebook = RunCell | Do | Drop | Reply
FromNotebook = CellRan | Done | Failed | CallBack

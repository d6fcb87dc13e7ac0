"""What is said about a whole notebook that is run cell by cell: the questions that test cells ask, and their answers.

A value in these messages may hold handles: numbers of objects that stay in the child. What the asking side hands over are
plain values, handles that it was given, and functions of its own, by number, which the child calls back.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from autograder.child import messages, nodes
from autograder.child.messages import MAX_ARGUMENTS, MAX_LINE, CellData
from autograder.child.nodes import HandleData, ValueData
from autograder.child.structs import Meta, Struct

MAX_BOUND: Final = 1000  # names that one cell binds
MAX_PRINTED: Final = 64 * 1024  # characters

_Text = nodes.Name
_Arguments = Annotated[list[ValueData], Meta(max_length=MAX_ARGUMENTS)]
_Index = Annotated[int, Meta(ge=0, le=MAX_LINE)]
_Printed = Annotated[str, Meta(max_length=MAX_PRINTED)]

# fetch: the value of the variable `name`. module: the module `name` of the child's own.
# Of `target`, an object that stays in the child: call (with args and keywords), attribute and method (`name`), item,
# set-item (args: key, value), delete-item, set-attribute and delete-attribute (without a target: of the variable `name`),
# length, iterate (always a handle of an iterator), next (a list of up to `count` values), contains, truth, text (str),
# representation (repr), format (`name` is the specification), operator (`name` is one of `handles.OPERATORS`; the other
# side, if it has one, in args), is-a (whether it is an instance of the class in args), is-kind (a subclass of it), copy
# (`name` is "deep" or empty), array (as one), plain (as the
# plain value that its class inherits from), parameters (of a function: a list of name, kind, whether there is a default,
# the default), axes (what is drawn on it as data; without a target on the current figure), file (the bytes of the file
# `name` that the notebook has written), source (the text of the
# function or class `name`; the trusted side answers that out of the cells).
Does: TypeAlias = Literal[
    "fetch",
    "module",
    "call",
    "attribute",
    "method",
    "item",
    "set-item",
    "delete-item",
    "set-attribute",
    "delete-attribute",
    "length",
    "iterate",
    "next",
    "contains",
    "truth",
    "text",
    "representation",
    "format",
    "operator",
    "is-a",
    "is-kind",
    "copy",
    "array",
    "plain",
    "parameters",
    "axes",
    "file",
    "source",
]


class _Message(Struct, array_like=True, forbid_unknown_fields=True):
    pass


# -------------------------------------------------------------------------------- trusted side to child


class Notebook(_Message, tag="notebook"):
    """The code cells of a notebook, to be run one by one, each when it is told to."""

    cells: list[CellData]
    seed: int = 0  # of the global generators, before the first
    first: int = 0  # the number of the first handle: those before it were another child's
    real: list[str] = []  # modules that are not stood in for, though all they do is to show things


class RunCell(_Message, tag="run-cell"):
    """Runs this cell, among the variables that those before it left."""

    cell: int


class Do(_Message, tag="do"):
    """One question about what the notebook holds now."""

    does: Does
    target: int | None = None  # the handle that it is about
    name: str = ""
    args: list[ValueData] = []
    keywords: dict[str, ValueData] = {}
    count: int = 0
    id: int = 0  # drawn at random by who sends it: an answer sent ahead cannot match
    # Variables of the test's that hold an argument: by name, its place among args and after them keywords.
    names: dict[str, int] = {}


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
    errors: _Printed = ""  # what went to the stream for them, warnings too
    exception: _Text = ""  # empty: it raised nothing
    message: _Text = ""
    ancestors: Annotated[list[_Text], Meta(max_length=50)] = []
    line: _Index | None = None
    absent: Annotated[list[_Text], Meta(max_length=50)] = []  # modules that it imports and the grader has not


class Done(_Message, tag="done"):
    """A question is answered."""

    id: int
    value: ValueData
    # Of a call or a method: the arguments and then the keywords' values, as they are after it; `OtherData` for what is
    # as it was, and for what is not handed back.
    args_after: _Arguments = []
    printed: _Printed = ""
    errors: _Printed = ""
    more: bool = False  # of `next`: it has not ended
    same: Annotated[int, Meta(ge=0, le=MAX_ARGUMENTS)] | None = (
        None  # the argument that was given back itself
    )


class Failed(_Message, tag="failed"):
    """What was asked raised."""

    id: int
    exception: _Text
    message: _Text
    line: _Index | None = None  # of the cell `cell`
    cell: _Index | None = None
    ancestors: Annotated[list[_Text], Meta(max_length=50)] = []
    module: _Text = ""  # in which its class is defined
    args: ValueData | None = None  # of the exception, where they cross
    kind: HandleData | None = None  # its class, where that is none of Python's own
    error: HandleData | None = None  # and the exception itself
    args_after: _Arguments = []
    printed: _Printed = ""
    errors: _Printed = ""


class CallBack(_Message, tag="call-back"):
    """Student code calls a function of the asking side."""

    function: int
    args: _Arguments
    keywords: dict[str, ValueData] = {}


ToNotebook: TypeAlias = Notebook | RunCell | Do | Drop | Reply
FromNotebook: TypeAlias = CellRan | Done | Failed | CallBack
# All that crosses the pipe to a child and from it, whatever it is asked.
ToChild: TypeAlias = messages.ToChild | ToNotebook
ToParent: TypeAlias = messages.ToParent | FromNotebook

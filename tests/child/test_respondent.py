"""A notebook that is run and asked in pieces: what cells leave, what questions give, what is called back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas
import parts
import pytest
from asking import Asking, Call, names

from autograder.child import nodes, spoken
from autograder.child.handles import Handles
from autograder.child.inquiries import Inquiries
from autograder.child.nodes import HandleData
from autograder.child.respondent import Respondent
from autograder.child.spoken import CellRan, Done
from autograder.records import Limits
from autograder.sandbox.children import Sandbox

pytestmark = parts.LINUX.mark
LIMITS = Limits(cpu_seconds=2.0, memory_mib=256)
NOTEBOOK = """
import collections, sys, warnings
class Stack:
    "Last in, first out."
    def __init__(self, *items): self.items = list(items)
    def push(self, item): self.items.append(item)
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __getitem__(self, place): return self.items[place]
    def __setitem__(self, place, item): self.items[place] = item
    def __delitem__(self, place): del self.items[place]
    def __contains__(self, item): return item in self.items
    def __add__(self, other): return Stack(*self.items, *other)
    def __radd__(self, other): return Stack(*other, *self.items)
    def __eq__(self, other): return self.items == other.items
    __hash__ = None
    def __repr__(self): return f"Stack({self.items})"
    def __format__(self, wanted): return f"{wanted}!"
    def __array__(self, *_, **__): import numpy; return numpy.array(self.items)
class Numbers(list): pass
class EmptyError(LookupError):
    def __init__(self, message, depth): super().__init__(message); self.depth = depth
Point = collections.namedtuple("Point", "x y")
point, stack = Point(1, 2), Stack(1, 2)
def square(x, /, power=2, *rest, **more): return x ** power
def shout(word):
    print(word.upper())
    print("careful", file=sys.stderr)
    return word
def empty(): raise EmptyError("nothing", 3)
def grow(numbers, more=()): numbers.append(4); return numbers
def twice(function, x): return function(function(x))
def numbers():
    yield 1
    yield 2
    empty()
def norm(point): return (point.x, type(point) is Point)
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(LIMITS, lasting=True) as box:
        yield box


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    with Sandbox(LIMITS, lasting=True) as own, Asking(own.child, NOTEBOOK) as asking:
        yield asking
    assert not asking.dialogue.left_out


# --------------------------------------------------------------------------------------------------- cells


def test_cells_run_as_in_jupyter(box: Sandbox) -> None:
    cells = [
        "%matplotlib inline\nx = 1; print('one')",
        "import nowhere\n1/0\ny = 2",
        "def f(:",
        "import sys; sys.exit(2)",
        "%%time\nz = x",
    ]
    with Asking(box.child, *cells) as asking:
        assert names(asking.ran) == ["", "ZeroDivisionError", "SyntaxError", "SystemExit", ""]
        ran = [one for one in asking.ran if isinstance(one, CellRan)]
        assert (ran[0].binds, ran[0].printed) == (["x"], "one\n")
        assert (ran[1].line, ran[1].absent, ran[1].ancestors[0]) == (2, ["nowhere"], "ArithmeticError")
        assert (ran[2].line, ran[2].message) == (1, "invalid syntax, in line 1")
        assert asking.fetch("z") == 1
        assert asking.failed("fetch", None, "y").exception == "NameError"  # its line was never reached


def test_what_a_cell_prints_is_cut(box: Sandbox) -> None:
    with Asking(
        box.child, "print('x' * 10**6)\nprint('more', file=__import__('sys').stderr)", "print(2)"
    ) as asking:
        first, second = asking.ran
        assert isinstance(first, CellRan)
        assert isinstance(second, CellRan)
        assert (len(first.printed), first.errors, second.printed) == (64 * 1024, "more\n", "2\n")


# ------------------------------------------------------------------------------------------------ questions


def test_calls(asking: Asking) -> None:
    assert asking.call("square", 3) == 9
    assert asking.call("square", 3, power=3) == 27
    assert asking.call("square", np.arange(3.0)).tolist() == [0, 1, 4]
    told = asking.do("call", "shout", "", "hey")
    assert (told.value.value, told.printed, told.errors) == ("hey", "HEY\n", "careful\n")
    assert asking.do("call", "square", "", 2).printed == ""


def test_tables_are_pandas_on_both_sides(asking: Asking) -> None:
    table = asking.call("square", pandas.DataFrame({"a": [1, 2]}))
    assert table["a"].tolist() == [1, 4]


def test_objects_stay_and_are_asked(asking: Asking) -> None:
    stack = asking.call("Stack", 1, 2)
    assert (stack.kind, stack.type_name, stack.can) == ("object", "Stack", ("iterate", "length", "item"))
    assert asking.value("method", stack, "push", 3) is None
    assert asking.value("length", stack) == 3
    assert asking.value("item", stack, "", 2) == 3
    assert asking.value("set-item", stack, "", 0, "one") is None
    assert asking.value("attribute", stack, "items") == ["one", 2, 3]
    assert asking.value("delete-item", stack, "", 1) is None
    assert asking.value("contains", stack, "", "one") is True
    assert asking.value("truth", stack) is True
    assert asking.value("text", stack) == asking.value("representation", stack) == "Stack(['one', 3])"
    assert asking.value("format", stack, "wanted") == "wanted!"
    assert asking.value("set-attribute", stack, "items", [5]) is None
    assert asking.value("array", stack).tolist() == [5]
    assert asking.value("is-a", stack, "", asking.fetch("Stack")) is True
    assert asking.value("is-a", stack, "", dict) is False
    assert asking.value("is-kind", "EmptyError", "", LookupError) is True
    assert asking.value("delete-attribute", stack, "items") is None
    assert asking.failed("attribute", stack, "items").exception == "AttributeError"


def test_operators(asking: Asking) -> None:
    stack = asking.fetch("stack")
    longer = asking.value("operator", stack, "add", [3])
    assert asking.value("attribute", longer, "items") == [1, 2, 3]
    longer = asking.value("operator", stack, "radd", [0])
    assert asking.value("attribute", longer, "items") == [0, 1, 2]
    assert asking.value("operator", stack, "eq", asking.call("Stack", 1, 2)) is True
    assert asking.failed("operator", stack, "hash").exception == "TypeError"
    assert asking.failed("operator", stack, "eval").exception == "NotImplementedError"


def test_objects_that_inherit_from_plain_values(asking: Asking) -> None:
    made = asking.call(asking.fetch("Numbers"), [1, 2])
    assert made.can == ("iterate", "length", "item", "plain")
    assert asking.value("plain", made) == [1, 2]
    assert asking.failed("plain", "stack").exception == "TypeError"


def test_the_same_object_has_the_same_number(asking: Asking) -> None:
    assert asking.fetch("stack").id == asking.fetch("stack").id
    assert asking.call("Stack").id != asking.fetch("stack").id
    copy = asking.value("copy", "stack", "deep")
    asking.value("method", copy, "push", 3)
    assert asking.value("length", "stack") == 2
    assert asking.value("attribute", asking.value("copy", "stack"), "items") == [1, 2]


def test_arguments_that_were_changed_come_back(asking: Asking) -> None:
    told = asking.do("call", "grow", "", [1], more=[2])
    assert isinstance(told, Done)
    assert told.same == 0
    assert [type(one) for one in told.args_after] == [nodes.Tree, nodes.OtherData]
    assert told.args_after[0] == told.value
    assert asking.do("call", "square", "", np.ones(2)).args_after == [nodes.OtherData("")]
    failed = asking.failed("call", "grow", "", (1,))
    assert (failed.exception, failed.args_after) == ("AttributeError", [nodes.OtherData("")])


def test_named_tuples_are_of_their_own_class_again(asking: Asking) -> None:
    point = asking.fetch("point")
    assert (point, point.x) == ((1, 2), 1)
    assert point.of_ == asking.fetch("Point")
    assert asking.call("norm", point) == (1, True)


def test_iterators_in_pieces(asking: Asking) -> None:
    made = asking.value("iterate", asking.fetch("stack"))
    first = asking.do("next", made, count=1)
    rest = asking.do("next", made, count=5)
    assert (first.more, rest.more) == (True, False)
    made = asking.call("numbers")
    assert made.kind == "iterator"
    assert asking.value("next", made, count=5) == [1, 2]
    failed = asking.failed("next", made, count=5)
    assert (failed.exception, failed.cell) == ("EmptyError", 0)
    assert asking.do("next", made, count=5).more is False
    large = asking.call(
        asking.value("attribute", asking.value("module", None, "itertools"), "repeat"), np.zeros(2**19)
    )
    assert len(asking.value("next", large, count=9)) == 4
    assert len(asking.value("next", large, count=1)) == 1


def test_exceptions(asking: Asking) -> None:
    failed = asking.failed("call", "empty")
    assert (failed.exception, failed.message, failed.ancestors[0]) == ("EmptyError", "nothing", "LookupError")
    line = NOTEBOOK.splitlines().index('def empty(): raise EmptyError("nothing", 3)') + 1
    assert (failed.cell, failed.line, failed.module) == (0, line, "__main__")
    assert failed.kind == asking.fetch("EmptyError")
    assert asking.value("attribute", failed.error, "depth") == 3
    failed = asking.failed("call", "square", "", "x")
    assert (failed.exception, failed.kind, failed.error, failed.module) == (
        "TypeError",
        None,
        None,
        "builtins",
    )


def test_what_is_known_of_a_function(asking: Asking) -> None:
    assert asking.value("attribute", "square", "__name__") == "square"
    assert asking.value("attribute", "Stack", "__doc__") == "Last in, first out."
    assert asking.value("parameters", "square") == [
        ("x", "POSITIONAL_ONLY", False, None),
        ("power", "POSITIONAL_OR_KEYWORD", True, 2),
        ("rest", "VAR_POSITIONAL", False, None),
        ("more", "VAR_KEYWORD", False, None),
    ]


def test_variables_and_modules_are_bound_and_unbound(asking: Asking) -> None:
    asking.value("set-attribute", None, "new", 3)
    assert asking.fetch("new") == 3
    asking.value("delete-attribute", None, "new")
    for does in ("fetch", "delete-attribute"):
        assert asking.failed(does, None, "new").exception == "NameError"
    builtins = asking.value("module", None, "builtins")
    own = asking.value("attribute", builtins, "input")
    asking.value("set-attribute", builtins, "input", Call(lambda prompt: f"{prompt}7"))
    assert asking.call(asking.value("attribute", builtins, "eval"), "input('> ')") == "> 7"
    asking.value("set-attribute", builtins, "input", own)
    assert asking.failed("call", own, "", "> ").exception == "EOFError"


# ---------------------------------------------------------------------------------------------- called back


def test_functions_of_the_other_side_are_called(asking: Asking) -> None:
    assert asking.call("twice", Call(lambda x: [*x, len(x)]), []) == [0, 1]
    assert asking.call("twice", abs, -3) == 3

    def within(x: int) -> Any:
        return asking.call("square", x)

    assert asking.call("twice", Call(within), 3) == 81
    assert asking.call("twice", Call(lambda thing: thing), asking.fetch("stack")) == asking.fetch("stack")


def test_what_they_raise_is_raised(asking: Asking) -> None:
    def fails(_: Any) -> Any:
        raise KeyError("k")

    failed = asking.failed("call", "twice", "", Call(fails), 1)
    assert (failed.exception, failed.message) == ("KeyError", "\"'k'\"")

    class OwnError(Exception):
        pass

    def fails_otherwise(_: Any) -> Any:
        raise OwnError("o")

    assert asking.failed("call", "twice", "", Call(fails_otherwise), 1).exception == "RuntimeError"


# -------------------------------------------------------------------------------------------------- drawings


def test_what_is_drawn_is_data(box: Sandbox) -> None:
    draws = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 4], label='a')\nax.set_title('t')\nplt.show()"
    later = "def draw():\n    plt.bar(['u', 'v'], [1, 2])\n    plt.ylabel('y')"
    with Asking(box.child, draws, later, modules=("matplotlib.pyplot",)) as asking:
        assert names(asking.ran) == ["", ""]
        for drawn in ("fig", "ax"):
            (axes,) = asking.value("axes", drawn)["axes"]
            assert axes["title"] == "t"
            assert axes["lines"][0]["y"].tolist() == [3, 4]
        assert asking.value("axes") == {"axes": []}  # each cell begins with none
        asking.call("draw")
        (axes,) = asking.value("axes")["axes"]
        assert (axes["ylabel"], axes["bars"][0]["height"].tolist()) == ("y", [1, 2])


def test_files_that_the_notebook_has_written(box: Sandbox) -> None:
    write = "def write():\n    with open('/out.txt', 'w') as file: file.write('é')"
    with Asking(box.child, write) as asking:
        assert asking.failed("file", None, "/out.txt").exception == "FileNotFoundError"
        asking.call("write")
        assert asking.value("file", None, "/out.txt") == "é".encode()
        assert asking.failed("file", None, "/usr/lib").exception == "FileNotFoundError"


def test_what_cannot_be_answered(asking: Asking) -> None:
    assert (
        asking.failed("call", HandleData(asking.fetch("stack").id + 10**6, "object", "")).exception
        == "ReferenceError"
    )
    assert asking.failed("call", None).exception == "ReferenceError"
    assert asking.failed("module", None, "nowhere_at_all").exception == "ModuleNotFoundError"


def test_who_is_told_what_is_not_said_here_ends() -> None:
    notebook = spoken.Notebook([], 0, 0, [])
    with pytest.raises(EOFError, match="not said here"):
        Respondent(notebook, 0, 1)._follow(spoken.Reply(None))
    unanswered = Inquiries({}, Handles(0, lambda number: number))
    with pytest.raises(NotImplementedError, match="source"):
        unanswered.answer(spoken.Do("source", name="f"), [], {})

"""An author is told, in one line, what cannot be asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from autograder import installed
from autograder.author import Case, Code, Seeded, call, new, plain, read, script
from autograder.child import figures
from autograder.course import asking
from autograder.errors import CourseError

FOLDER = Path("solutions/stacks")


class Stack:
    def __init__(self, size: int = 0) -> None:
        self.size = size

    def push(self, item: Any) -> None:
        raise ValueError("no room")


class Bare:
    pass


PUSHES = script(new(3), call("push", 1), read("size"), call("__str__"))


def test_a_script_is_written_with_words() -> None:
    assert PUSHES == ((3,), ("push", (1,)), ("size",), ("__str__", ()))


@pytest.mark.parametrize(
    ("subject", "cases"),
    [
        (Stack, [Case("pushes", PUSHES, asks="script"), Case("none", script(new()), asks="script")]),
        (len, [Case("a function", (Code("lambda x: x"), [Seeded(3)], {"f": Code("def f(x):\n    return x")}))]),
        (print, [Case("printed", (1,), asks="printed")]),
        (42, [Case("the value", (), asks="variable")]),
        (lambda: None, [Case("drawn", (), asks="drawing")]),
        (Stack, []),
    ],
)  # fmt: skip
def test_what_can_be_asked_is_let_through(subject: Any, cases: list[Case]) -> None:
    asking.refuse(FOLDER, "it", cases, plain(subject))


@pytest.mark.parametrize(
    ("subject", "cases", "told"),
    [
        (
            print,
            [Case("one", (1,)), Case("two", (1,), asks="printed")],
            "inputs.py: the cases of 'it' ask different things, “one” for its result and “two” for its printed",
        ),
        (
            len,
            [Case("one", (1, Code("lambda x")))],
            "inputs.py: argument 2 of the case “one” of 'it': its code makes no function (SyntaxError:",
        ),
        (len, [Case("one", ([{"f": (Code("3"),)}],))], "argument 1 of the case “one” of 'it': its code makes no function"),
        (len, [Case("one", (Seeded(-1),))], "a seed is a whole number from 0 on, and not -1"),
        (len, [Case("one", (Seeded(True),))], "a seed is a whole number from 0 on, and not True"),
        (42, [Case("one", (1,), asks="variable")], "the case “one” of 'it': a variable takes no arguments"),
        (Stack, [Case("one", (), asks="script")], "its arguments are no script"),
        (Stack, [Case("one", (3, "push"), asks="script")], "its arguments are no script"),
        (Stack, [Case("one", script(new(), ("push now", ())), asks="script")], "its arguments are no script"),
        (
            Stack,
            [Case("one", script(new(), call("push", 1), call("pop")), asks="script")],
            "inputs.py: the case “one” of 'it' names 'pop', which the class in reference.py has not: it has `push`, `size`",
        ),
        (len, [Case("one", (1,), kind="square")], "the case “one” of 'it': there is no kind 'square': there are ordinary, empty, single, large, edge, no-tokens, "),  # type: ignore[arg-type]
        (len, [Case("one", (1,), asks="prints")], "the case “one” of 'it': nothing is asked by asks='prints': there are result, printed, "),  # type: ignore[arg-type]
        (len, [Case("one", (1,), raises="KeyError")], "the case “one” of 'it': what it raises is a tuple of names"),  # type: ignore[arg-type]
        (len, [Case("one", (1,), raises=KeyError)], 'which has a comma: raises=("KeyError",)'),  # type: ignore[arg-type]
        (len, [Case("one", (1,), raises=(KeyError,))], "what it raises is a tuple of names"),  # type: ignore[arg-type]
        (len, [Case("one", (1,), raises=("no name",))], "what it raises is a tuple of names"),
        (len, [Case("one", (1,)), Case("two", (2,)), Case("one", (3,))], "the case “one” of 'it': another has this name"),
        (Bare, [Case("one", script(new(), read("size")), asks="script")], "has not: it has none that others may use"),
        (len, [Case("one", script(new()), asks="script")], "reference.py: 'it' is asked for a script and should be a class"),
        (42, [Case("one", (1,))], "reference.py: 'it' is asked for its result and should be a function, and is of type int"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_one_line(subject: Any, cases: list[Case], told: str) -> None:
    with pytest.raises(CourseError, match=re.escape(told)) as error:
        asking.refuse(FOLDER, "it", cases, plain(subject))
    assert str(error.value).startswith(str(FOLDER))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Case("one", (3,)), "it gives a case, and should give a tuple of cases: of one alone it has a comma, (Case(…),)"),
        (None, "it gives None, and should give a tuple of cases"),
        (((("one", (3,))),), "('one', (3,)) is no case: write Case(name, args)"),
        ((Case("one", 3),), "the arguments of the case “one” are 3, and should be a tuple, which has a comma"),  # type: ignore[arg-type]
        ((), "it gives no case: return (Case(name, args), …)"),
    ],
)  # fmt: skip
def test_what_gives_no_cases_is_told_what_to_give(given: Any, told: str) -> None:
    with pytest.raises(TypeError, match=re.escape(told)):
        asking.listed(given)


def test_cases_may_come_one_by_one() -> None:
    cases = (Case("one", (3,)), Case("two", (4,)))
    assert asking.listed(iter(cases)) == cases


def test_drawings_need_matplotlib(monkeypatch: Any) -> None:
    monkeypatch.setattr(figures, "lacking", lambda: True)
    with pytest.raises(CourseError, match=re.escape(installed.with_extra("values"))):
        asking.refuse(FOLDER, "it", [Case("one", (), asks="drawing")], plain(print))


def test_arguments_are_called_by_their_names() -> None:
    assert asking.named(("x", "y"), Case("one", (1, 2))) == (("x", 1), ("y", 2))
    assert asking.named(("x", "y"), Case("the second has a default", (1,))) == (("x", 1),)
    assert asking.named((), Case("pushes", PUSHES, asks="script")) == (
        ("new", (3,)),
        (".push()", (1,)),
        (".size", ()),
        (".__str__()", ()),
    )

"""What is said of a script of method calls."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.author import call, new, read, script
from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.explaining import scripted
from autograder.explaining.mishaps import RAISED, STOPPED
from autograder.records import Case, Definition, Outcome, Raised, Returned, Tolerance

CASE = Case("pushed", script(new(), call("push", 1, "a"), read("size"), call("pop")), asks="script")
DUE = [{"returned": None}, {"returned": 1}, {"raised": "IndexError"}]


def trial(*steps: Any, outcome: Outcome | None = None) -> Trial:
    outcome = outcome or Returned(list(steps))
    return Trial(CASE, DUE, outcome, compare(CASE, DUE, outcome, Tolerance()), False)


def definition(body: str) -> Definition:
    node = ast.parse(f"class Stack:\n    {body}").body[0]
    assert isinstance(node, ast.ClassDef)
    return Definition(node=node)


NO_SIZE = trial(DUE[0], {"raised": "AttributeError"}, DUE[2])
NO_POP = trial(*DUE[:2], {"raised": "AttributeError"})


def test_the_methods_that_are_not_there() -> None:
    bare = definition("def push(self, *a): pass")
    for wrong, title in (
        ([NO_SIZE], "The class has no `size`"),
        ([NO_SIZE, NO_POP, NO_SIZE], "The class has no `size` or `pop`"),
    ):
        found = scripted.missing_methods(wrong, bare)
        assert found is not None
        assert (found.id, found.title) == ("general.missing-method", title)


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ([], "pass"),
        ([NO_SIZE, trial({"returned": 3}, *DUE[1:])], "pass"),
        ([NO_SIZE, trial(outcome=Raised("TypeError"))], "pass"),
        ([NO_POP], "def pop(self):\n        return self.itms.pop()"),
        ([NO_SIZE], "def __init__(self):\n        self.size = self.sze"),
        ([NO_SIZE], "size = 3"),
    ],
)
def test_what_may_have_another_cause(wrong: list[Trial], body: str) -> None:
    assert scripted.missing_methods(wrong, definition(body)) is None
    assert scripted.missing_methods([NO_SIZE], Definition()) is None


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (
            ({"returned": 1}, *DUE[1:]),
            ("general.wrong-type", "`push` returns something, and should return nothing"),
        ),
        ((DUE[0], {"returned": None}, DUE[2]), ("general.wrong-type", "`size` is None")),
        ((DUE[0], {"returned": 2}, DUE[2]), None),
        ((*DUE[:2], {"returned": None}), None),  # an error is due
        ((DUE[0], {"raised": "KeyError"}, DUE[2]), None),
    ],
)
def test_what_a_step_gives_of_another_type(steps: tuple[Any, ...], told: tuple[str, str] | None) -> None:
    wrong = trial(*steps)
    found = scripted.other_type(wrong, [wrong])
    assert (found and (found.id, found.title)) == told


def test_a_method_that_should_return_something_elsewhere_is_not_told_to_return_nothing() -> None:
    """What an empty stack shows on top is None; after a push it is something, and `return` has to stay."""
    case = Case("empty", script(new(), call("peek")), asks="script")
    other = Case("pushed", script(new(), call("push", 1), call("peek")), asks="script")
    due: list[Any] = [{"returned": None}]
    answers: list[Any] = [{"returned": None}, {"returned": 1}]
    outcome, right = Returned([{"returned": 7}]), Returned(answers)
    wrong = Trial(case, due, outcome, compare(case, due, outcome, Tolerance()), False)
    found = scripted.other_type(wrong, [wrong, Trial(other, answers, right, None, False)])
    assert found is not None
    assert found.title == "`peek` should return None here, and returns something"
    assert "has no `return`" not in found.why


NO_NAME = trial(DUE[0], {"raised": "NameError"}, DUE[2])
NO_PUSH = trial({"raised": "TypeError"}, *DUE[1:])
MADE = "def __init__(self):\n        self.size = self.items = 0"


@pytest.mark.parametrize(
    ("wrong", "body", "title", "line"),
    [
        ([NO_PUSH], "def push(n, item): pass", "A method has no `self`", 2),
        ([NO_SIZE, NO_PUSH], "size = 0\n    def push(n): pass", "A method has no `self`", 3),
        ([trial(outcome=Raised("TypeError"))], "def __init__(): pass", "A method has no `self`", 2),
        # it has one, and lacks another
        ([NO_PUSH], "def push(self, item): pass", "`push` stops with TypeError", None),
        ([NO_PUSH], "def push(*all): pass", "`push` stops with TypeError", None),
        ([NO_PUSH], "@staticmethod\n    def push(n, item): pass", "`push` stops with TypeError", None),
        ([NO_POP], "def pop(self):\n        return self.itms.pop()", "`pop` stops with AttributeError", None),
        (
            [NO_POP],
            "def _init_(self):\n        self.size = 1\n    def pop(self): pass",
            "`__init__` is spelt in another way",
            2,
        ),
        (
            [trial(outcome=Raised("TypeError"))],
            "def __int__(self, items): pass",
            "`__init__` is spelt in another way",
            2,
        ),
        (
            [NO_POP],
            "def __init__(self):\n        items = []\n    def pop(self):\n        return self.items.pop()",
            "`__init__` keeps something for itself and not for the object",
            3,
        ),
        (  # it has the attribute after all
            [NO_POP],
            "items = []\n    def __init__(self):\n        items = []\n    def pop(self):\n        return self.items.top()",
            "`pop` stops with AttributeError",
            None,
        ),
        (
            [NO_POP],
            "def push(self, item):\n        self.items = self.items.append(item)\n    def pop(self):\n        self.items.pop()",
            "`pop` stops with AttributeError",
            3,
        ),
        (
            [trial(*DUE[:2], {"raised": "ValueError"})],
            "def pop(self):\n        raise ValueError('empty')",
            "`pop` raises ValueError, and should raise IndexError",
            3,
        ),
    ],
)
def test_a_method_that_stops(wrong: list[Trial], body: str, title: str, line: int | None) -> None:
    found = scripted.stopped(wrong, definition(body))
    assert found is not None
    assert (found.id, found.title, found.line) == ("general.raises", title, line)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("def pop(self):\n        items += 1", 5),
        ("def pop(self):\n        return (\n            items)", 6),
        ("def pop(self, items):\n        return itms", None),  # a parameter is no attribute
        ("def pop(self):\n        return nothing", None),
    ],
)
def test_what_belongs_to_the_object_is_found_behind_self(body: str, line: int | None) -> None:
    lost = trial(*DUE[:2], {"raised": "NameError"})
    found = scripted.stopped([lost], definition(f"{MADE}\n    {body}"))
    assert found is not None
    assert found.line == line
    assert ("`self.items`" in found.why) is (line is not None)


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ([], "def push(): pass"),
        ([NO_NAME], "pass"),  # of an attribute, which is no method
        ([NO_PUSH, NO_POP], "def push(self): pass"),  # not the same error throughout
        ([trial({"returned": 3}, *DUE[1:])], "def push(): pass"),
        ([trial(outcome=Raised("TypeError"))], "def __init__(self, n): pass"),
    ],
)
def test_where_no_method_is_to_blame(wrong: list[Trial], body: str) -> None:
    assert scripted.stopped(wrong, definition(body)) is None
    assert scripted.stopped(wrong, Definition()) is None


def test_an_error_of_one_s_own_is_none_of_python_s() -> None:
    wrong = [trial({"raised": "IndexError"}, *DUE[1:])]
    own = "def push(self, *items):\n        if self.empty:\n            raise IndexError"
    for body, words, line in (
        (own, "own-raise", 4),
        ("def push(self, *items):\n        return [][0]", "", None),
    ):
        found = scripted.stopped(wrong, definition(body))
        assert found is not None
        assert found.why == (STOPPED[words] if words else RAISED["IndexError"]).why
        assert found.line == line

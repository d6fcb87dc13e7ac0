"""What is said of a script of method calls."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.author import call, new, read, script
from autograder.checking.attempt import Trial
from autograder.checking.compare import compare
from autograder.explaining import scripted
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

"""A variable that holds None is told with the line that gave it None, and only where it does."""

from __future__ import annotations

import ast

import pytest

from autograder.explaining import nothing
from autograder.explaining.nothing import Nothing
from autograder.records import Raised

CASES = {
    "written there": ("def f(x):\n    y = None\n    z = 1\n    return x @ y\n", 4, Nothing("y", 2)),
    "by append, one round before": (
        "def f(x):\n    rows = []\n    for row in x:\n        rows = rows.append(row)\n    return rows\n",
        4,
        Nothing("rows", 4, "append"),
    ),
    "by sort, used later": (
        "def f(x):\n    y = list(x)\n    y = y.sort()\n    return y[0]\n",
        4,
        Nothing("y", 3, "sort"),
    ),
    "by NumPy": (
        "def f(x):\n    y = np.fill_diagonal(x, 0)\n    return y + 1\n",
        3,
        Nothing("y", 2, "fill_diagonal"),
    ),
    "printed": ("def f(x):\n    y = print(x)\n    return y + 1\n", 3, Nothing("y", 2, "print")),
    "an attribute": (
        "class F:\n    def __init__(self, w):\n        self.w = None\n    def f(self, x):\n        return x @ self.w\n",
        5,
        Nothing("self.w", 3),
    ),
    "added to": (
        "def f(x):\n    y = None\n    for row in x:\n        y += row\n    return y\n",
        4,
        Nothing("y", 2),
    ),
    "made again in a loop": (
        "def f(x):\n    y = None\n    for row in x:\n        y = y + row\n    return y\n",
        4,
        Nothing("y", 2),
    ),
    "in a helper": (
        "def g(x):\n    y = None\n    return x @ y\n\ndef f(x):\n    y = 1\n    return g(x)\n",
        3,
        Nothing("y", 2),
    ),
    "handed to a helper": (
        "def g(x, y):\n    return x @ y\n\ndef f(x):\n    z = 1\n    return g(x, None)\n",
        2,
        Nothing("y", 6),
    ),
    "handed to itself": (
        "def f(x, y):\n    if len(x) == 1:\n        return x @ y\n    return f(x[1:], y=None)\n",
        3,
        Nothing("y", 4),
    ),
    "handed to a class": (
        "class F:\n    def __init__(self, w):\n        self.w = w.T\n\ndef f(x):\n    return F(None).w\n",
        3,
        Nothing("w", 6),
    ),
    "handed to a method": (
        "class F:\n    def go(self, w):\n        return w.T\n\ndef f(x):\n    return F().go(None)\n",
        3,
        Nothing("w", 6),
    ),
    "another is handed on": ("def g(x, y):\n    return x @ y\n\ndef f(x):\n    return g(x, x)\n", 2, None),
    "outside": ("y = None\ny + 1\n", 2, None),
    "made again": ("def f(x):\n    y = None\n    y = x\n    return y + 1\n", 4, None),
    "made by a loop": ("def f(x):\n    y = None\n    for y in x:\n        pass\n    return y + 1\n", 5, None),
    "made again in the same line": (
        "def f(x):\n    y = None\n    y = x + len(y)\n    return y\n",
        3,
        Nothing("y", 2),
    ),
    "made by a row": ("def f(x):\n    y = None\n    y = x.sum()\n    return y[0]\n", 4, None),
    "made after the error": ("def f(x):\n    y = x / 0\n    y = None\n    return y\n", 2, None),
    "another variable": ("def f(x):\n    y = None\n    z = x / 0\n    return z\n", 3, None),
    "a method of an array": ("def f(x):\n    y = x.sum()\n    return y @ x\n", 3, None),
    "no line": ("def f(x):\n    y = None\n    return x @ y\n", None, None),
}


@pytest.mark.parametrize("case", CASES)
def test_where_none_comes_from(case: str) -> None:
    source, line, due = CASES[case]
    assert nothing.origin(ast.parse(source), Raised("TypeError", line=line)) == due


def test_what_is_not_there_has_no_origin() -> None:
    assert nothing.origin(None, Raised("TypeError", line=1)) is None


def test_what_is_returned_may_have_got_none_before() -> None:
    def returned(source: str) -> Nothing | None:
        (function,) = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        return nothing.returned(function)

    assert returned("def f(x):\n    y = x\n    y = y.sort()\n    return y\n") == Nothing("y", 3, "sort")
    assert returned("def f(x):\n    q = x\n    k = None\n    return q, k\n") == Nothing("k", 3)
    assert returned("def f(x):\n    y = None\n    y = x\n    return y\n") is None
    assert returned("def f(x):\n    x.sort()\n") is None
    assert nothing.returned(None) is None


def test_it_is_told_in_a_sentence() -> None:
    assert Nothing("y", 2).told == "`y` holds None since line 2."
    told = Nothing("rows", 4, "append").told
    assert told == "`rows` holds None since line 4: `append` changes its object in place and returns None."


def _function(source: str) -> ast.FunctionDef:
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("rows.append(None)\n    return rows", 2),
        ("return np.float32(None) * x", 2),
        ("return f(x)(None), g(x)", 2),
        ("return x[slice(None, 2)]", None),
        ("return np.clip(x, None, 2)", None),
        ("a.append(None)\n    b.append(None)\n    return a, b", None),  # twice is no slip
        ("q = []\n    q.append(x.append(1))\n    return q", 3),
        ("return sum(np.append(x, 1))", None),
        ("return f(x.append)", None),
        ("return x", None),
    ],
)
def test_a_none_that_is_handed_on_is_found_where_it_is_the_only_one(body: str, line: int | None) -> None:
    assert nothing.handed_on(_function(f"def f(x):\n    {body}")) == line
    assert nothing.handed_on(None) is None


def test_none_before_a_loop_that_goes_on_from_it() -> None:
    cell = ast.parse(
        "def f(x):\n    a = None\n    for b in x:\n        a = np.concatenate([a, b])\n    return a"
    )
    found = nothing.origin(cell, Raised("ValueError", line=4))
    assert found is not None
    assert (found.name, found.line) == ("a", 2)


def test_what_is_asked_for_none_is_no_slip() -> None:
    cell = ast.parse(
        "def f(x):\n    a = None\n    for b in x:\n        a = b if a is None else np.add(a, b)\n    return a"
    )
    assert nothing.origin(cell, Raised("ValueError", line=4)) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("g = None\ndef f(x):\n    return g(x)", 1),
        ("g = None\ndef f(g):\n    return g(1)", None),
        ("g = None\ndef g(x):\n    return x\ndef f(x):\n    return g(x)", None),
        ("g = None\ng = abs\ndef f(x):\n    return g(x)", None),
    ],
)
def test_none_beside_the_function(source: str, line: int | None) -> None:
    found = nothing.origin(ast.parse(source), Raised("TypeError", line=source.count("\n") + 1))
    assert (found.line if found is not None else None) == line

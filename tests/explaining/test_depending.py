"""Where all that comes back depends on one line, the first finding stands there; else it stays where it was."""

from __future__ import annotations

import ast

import pytest
from reports import Explained, explained

from autograder.explaining import flow

__all__ = ["explained"]  # a fixture


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(x):\n    e = np.exp(x)\n    return x\n", 3),
        ("def f(x):\n    return (\n        x + 1\n    )\n", 2),
        ("def f(x):\n    return [g for g in (1, 2)]\n", None),  # a name is made, if in the same line
        ("def f(x):\n    e = np.exp(x)\n    return e\n", None),
        ("def f(x):\n    x = x + 1\n    return x\n", None),
        ("def f(x):\n    x += 1\n    return x\n", None),
        ("def f(x):\n    x[0] = 1\n    return x\n", None),
        ("def f(x):\n    x.sort()\n    return x\n", None),
        ("def f(x):\n    np.exp(x, out=x)\n    return x\n", None),
        ("def f(x):\n    if x:\n        return 1\n    return x\n", None),
        ("def f(x):\n    def g(y):\n        return y\n    return g(x)\n", None),
        ("def f(x):\n    return helper(x)\n", 2),
        ("def f(x):\n    pass\n", None),
        ("def f(x):\n    g = lambda y: y\n    return x.T\n", 3),
    ],
)
def test_the_one_line(source: str, line: int | None) -> None:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert flow.only_line(function) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(x):\n    y = x + 1\n    return x\n", 3),
        ("def f(x):\n    rows = []\n    for row in x:\n        rows.append(row)\n    return x\n", 5),
        ("def f(x):\n    y = x\n    for row in x:\n        y += row\n    return y\n", None),
        ("def f(x):\n    y = x + 1\n    z = x\n    return z\n", None),
        ("def f(x):\n    y = x + 1\n    print(y)\n    return x\n", None),
        ("def f(x):\n    for row in x:\n        pass\n    return x\n", None),
    ],
)
def test_a_return_that_leaves_out_what_was_made_just_before(source: str, line: int | None) -> None:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert flow.unused_before_return(function) == line


def test_a_finding_without_a_line_gets_that_one(explained: Explained) -> None:
    report = explained("softmax", "def softmax(x):\n    m = x.max()\n    e = np.exp(x - m)\n    return x")
    assert report.diagnoses[0].id == "softmax.no-exp"
    assert report.diagnoses[0].line == 4


def test_what_calls_functions_of_the_notebook_gets_none(explained: Explained) -> None:
    helper = "def powers(x):\n    y = x * 1.0\n    return y\n\n"
    report = explained("softmax", f"{helper}def softmax(x):\n    return powers(x)")
    assert report.diagnoses[0].line != 6


def test_what_comes_back_in_another_form_is_marked_at_the_return(explained: Explained) -> None:
    report = explained("project_qkv", "def project_qkv(X, q, k, v):\n    y = X @ q\n    return y, X @ k")
    assert (report.diagnoses[0].id, report.diagnoses[0].line) == ("general.wrong-type", 3)

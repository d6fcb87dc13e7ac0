"""Which line a text shows to change what the function was given."""

from __future__ import annotations

import ast

import pytest

from autograder.explaining import altering


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("x -= x.max()\n    return x", 2),
        ("e = 1\n    x[x < 0] = 0\n    return x", 3),
        ("np.exp(x, out=x)\n    return x", 2),
        ("y.sort()\n    return x", 2),
        ("del y[0]\n    return x", 2),
        ("z = x.T\n    z[0] += 1\n    return z", 3),
        ("for z in (x, y):\n        z *= 2\n    return z", 3),
        ("for row in x:\n        row[0] = 1\n    return x", 3),
        ("np.fill_diagonal(x, 0)\n    return x", 2),
        ("x = x - x.max()\n    x /= x.sum()\n    return x", None),  # which is an array of its own by then
        ("x = x.copy()\n    x[0] = 1\n    return x", None),
        ("z = np.zeros(3)\n    z[0] = x[0]\n    return z", None),
        ("return x.max()", None),
    ],
)
def test_the_line_that_changes_a_parameter(body: str, line: int | None) -> None:
    (node,) = ast.parse(f"def f(x, y):\n    {body}").body
    assert isinstance(node, ast.FunctionDef)
    assert altering.line(node) == line


def test_a_class_or_nothing_has_no_such_line() -> None:
    (node,) = ast.parse("class f:\n    pass").body
    assert isinstance(node, ast.ClassDef)
    assert altering.line(node) is None
    assert altering.line(None) is None

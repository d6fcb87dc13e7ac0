"""Which variables play a part in what is returned."""

from __future__ import annotations

import ast

import pytest

from autograder.explaining import flow


def function(*lines: str) -> ast.FunctionDef:
    (node,) = ast.parse("def f(x, y):\n" + "\n".join(f"    {line}" for line in lines)).body
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("lines", "used"),
    [
        (["a = x + 1", "b = a * 2", "return a"], {"a", "x"}),
        (["a = x", "a += y", "b = a", "return a"], {"a", "x", "y"}),
        (
            ["out = []", "for row in x:", "    e = row", "    out.append(e)", "return out"],
            {"out", "e", "row", "x"},
        ),
        (
            ["out = x.copy()", "for i in range(3):", "    out[i] = y[i]", "return out"],
            {"out", "x", "y", "i", "range"},
        ),
        (["a, (b, *c) = x, y", "return c"], {"c", "x", "y", "a", "b"}),
        (["np.exp(x, out=y)", "return y"], {"x", "y", "np"}),
        (["z = np.exp(x, out=y)", "return y"], {"x", "y"}),
        (["a = x", "print(a, y)", "return y"], {"y"}),
        (["a = x", "if a > 1:", "    return y"], {"a", "x", "y"}),
        (["if (n := x) > 1:", "    return y"], {"n", "x", "y"}),
        (["with x as a:", "    return a"], {"a", "x"}),
        (["a: int = x", "return [b for b in a]"], {"a", "b", "x"}),
        (["a = x"], set()),
    ],
)
def test_what_reaches_the_return_is_used(lines: list[str], used: set[str]) -> None:
    assert flow.used(function(*lines)) - {"np"} == used - {"np"}


def test_what_stands_side_by_side_after_the_last_return() -> None:
    assert flow.returned_names(function("if x:", "    return y", "return x, y, x + y")) == ("x", "y", "")
    assert flow.returned_names(function("return x")) == ("x",)
    assert flow.returned_names(function("return x + 1")) == ()
    assert flow.returned_names(function("pass")) == ()


def test_the_last_line_that_gives_a_variable_a_value() -> None:
    node = function("a = x", "for i in x:", "    a[i] = 1", "return y")
    assert flow.line_that_makes(node, "a") == 4
    assert flow.line_that_makes(node, "b") is None


def test_variables_that_several_lines_bind() -> None:
    node = function(
        "a = x", "b = a", "a = b", "b[0] = 1", "c = c = x", "for d in x:", "    d += 1", "return a"
    )
    assert flow.rebound(node) == {"a", "d"}

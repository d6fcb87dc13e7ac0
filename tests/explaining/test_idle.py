"""A line whose value nothing takes is told, and none that does something."""

from __future__ import annotations

import ast

import pytest

from autograder.explaining import idle


def told(line: str) -> list[str]:
    (function,) = ast.parse(f"def f(x, h):\n    '''Words.'''\n    {line}\n    return h").body
    assert isinstance(function, ast.FunctionDef)
    return idle.sentences(function, ())


@pytest.mark.parametrize("line", ["h[h < 0] == 0", "h == x", "h[0, x.index(h)] == 1 + len(x)"])
def test_a_comparison_that_stands_alone(line: str) -> None:
    assert told(line) == ["Line 3 only compares: it changes nothing, and nothing takes its answer."]


@pytest.mark.parametrize(
    "line",
    [
        "h @ x",
        "x / x.sum()",
        "x.lower()",
        "np.maximum(h, 0)",
        "np.append(h, x)",
        "x.groupby('a').sum()",
        "sorted(x)",
    ],
)
def test_a_value_that_nothing_takes(line: str) -> None:
    assert told(line) == ["Line 3 works something out that is neither kept nor returned."]


@pytest.mark.parametrize(
    "line",
    [
        "np.maximum(h, 0, h)", "np.exp(h, out=h)", "x.sort_values('a', inplace=True)", "x.sort()", "h.append(x)", "print(x)",
        "np.fill_diagonal(h, 0)", "np.maximum(h, **x)", "x.pop() == 1", "h + print(x)", "x = h @ h", "del x", "'x'", "check(x)",
    ],
)  # fmt: skip
def test_a_line_that_does_something_is_not_told(line: str) -> None:
    assert told(line) == []


def test_a_line_that_is_named_already_is_not_told_again_and_no_class() -> None:
    (function, one) = ast.parse("def f(x):\n    x @ x\n    x + x\nclass C:\n    pass").body
    assert isinstance(function, ast.FunctionDef)
    assert isinstance(one, ast.ClassDef)
    assert idle.sentences(function, (2, None)) == [
        "Line 3 works something out that is neither kept nor returned."
    ]
    assert idle.sentences(one, ()) == idle.sentences(None, ()) == []

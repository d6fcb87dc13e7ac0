from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.course.blocks import block_of


@pytest.mark.parametrize(
    ("text", "rest", "key", "makes"),
    [
        ("for i in x:\n    y = y + i", "y", "loop", "y"),
        ("if x:\n    y = 1\nelse:\n    y = 2", "y", "choice", "y"),
        ("y[0] = x", "y", "set", "y"),
        ("y[0][1] += x", "y", "set", "y"),
        ("y.sort()", "y", "set", "y"),
        ("np.fill_diagonal(y, 0)", "y", "set", "y"),
        ("if x:\n    raise ValueError", "x", "kept", "x"),
        ("assert x", "x", "kept", "x"),
    ],
)
def test_a_statement_that_makes_one_value(text: str, rest: str, key: str, makes: str) -> None:
    (statement,) = ast.parse(text).body
    block = block_of(statement, ast.parse(rest).body, {"x", "y"})
    assert block is not None
    assert (block.key, block.makes) == (key, makes)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("while x:\n    y = 1", "y"),
        ("for i in x:\n    y = i\n    z = i", "y + z"),
        ("for i in x:\n    y = i", "x"),
        ("if x:\n    return y", "y"),
        ("with x:\n    y = 1", "y"),
        ("z.sort()", "z"),
        ("if x:\n    y = 1\n    raise ValueError", ""),
        ("del x", "y"),
    ],
)
def test_others_are_none(text: str, rest: str) -> None:
    (statement,) = ast.parse(text).body
    assert block_of(statement, ast.parse(rest).body, {"x", "y"}) is None


def test_what_is_changed_in_place_is_a_copy() -> None:
    (statement,) = ast.parse("y[x] = 7").body
    block = block_of(statement, ast.parse("y").body, {"x", "y"})
    assert block is not None
    names = {"x": ast.Name("a", ast.Load()), "y": ast.parse("b.T", mode="eval").body}
    given = np.zeros((1, 3))
    op = block.op(names, ["a", "b"], {})
    assert op(np.array([0, 2]), given)[:, 0].tolist() == [7, 0, 7]
    assert not given.any()

"""Steps in the making; what they become is shown by test_derived.py."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.course.making import Making, NotStraightError, Operand


def making() -> Making:
    return Making({"x": np.ones((2, 3))}, {"np": np}, {"x": ("n", "d")})


def node(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def test_symbols_are_the_names_of_variables_or_of_steps() -> None:
    make = making()
    for wish, name in (("y", "y"), ("y", "y_2"), ("", "add_3"), ("np", "np_"), ("sum", "sum_")):
        whole = node("x + 1")
        found = make.entries(
            "add", [Operand(node("x"), "value"), Operand(node("1"), "size")], whole, whole, wish
        )
        assert ast.unparse(found.node) == name


def test_what_was_made_is_taken_back() -> None:
    make = making()
    back = make.before()
    make.other("cumsum", node("np.cumsum(x)"), node("x"), "y")
    assert [draft.symbol for draft in make.drafts] == ["y"]
    back()
    assert make.drafts == []
    assert list(make.values) == ["x"]


def test_a_size_is_called_as_the_lesson_calls_it() -> None:
    make = making()
    for text, plain in (
        ("x.shape[-1]", "d"),
        ("len(x)", "n"),
        ("x.shape[2]", "(size of x)"),
        ("x.shape[n]", "(size of x)"),
    ):
        assert make.sign(Operand(node(text), "size")).plain == plain
    make.sizes["x.shape[-1]"] = "width"
    assert make.told_of(Operand(node("x.shape[-1]"), "size")) == "width"


def test_what_hangs_on_no_input_at_all_is_no_step() -> None:
    with pytest.raises(NotStraightError):
        Making({}, {"np": np}, {}).other("made", node("np.ones(3)"), node("x"), "y")

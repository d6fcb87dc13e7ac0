"""Tests of `autograder.adopted.asserting`, of what it reads from conditions, and of where the sides come from."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from autograder.adopted import asserting
from autograder.adopted.asserting import NOTHING, Asserts, Seen

# What a student left: everything wrong, and a function that changes what it is given.
STUDENT: Mapping[str, Any] = {
    "squares": lambda n: [k * k for k in range(n)],
    "mean": lambda x: sum(x),
    "name": lambda x: "Ada",
    "table": {"a": 1},
    "halves": lambda x: np.asarray(x) / 2,
    "strict": lambda x: x,
    "nothing": lambda x: None,
    "prime": lambda n: False,
}


def seen(*cells: str, **more: Any) -> Seen | None:
    """What the assertion compared that failed, of cells that are run one after another."""
    asserts = Asserts(STUDENT)
    trees = [asserts.rewritten(ast.parse(cell), f"<cell {place}>", cell) for place, cell in enumerate(cells)]
    codes = [compile(tree, f"<cell {place}>", "exec") for place, tree in enumerate(trees)]
    asserts.ready()
    namespace: dict[str, Any] = {**STUDENT, "np": np, **more, asserting.NAME: asserts.see}
    try:
        for code in codes:
            exec(code, namespace)
    except BaseException as error:
        return asserts.of(error)
    return None


def told(found: Seen | None) -> tuple[object, object, str, str, tuple[str, ...]]:
    assert found is not None
    return found.got, found.expected, found.comparison, found.said, found.names


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("assert squares(2) == [1, 4]", ([0, 1], [1, 4], "==", "squares(2)", ("squares",))),
        ("assert [1, 4] == squares(2)", ([0, 1], [1, 4], "==", "squares(2)", ("squares",))),
        ("x = squares(2)\nassert x == [1, 4]", ([0, 1], [1, 4], "==", "x", ("squares",))),
        ("want = 5\ngot = mean([1, 2])\nassert want == got", (3, 5, "==", "got", ("mean",))),
        ("assert len(squares(2)) == 3", (2, 3, "==", "len(squares(2))", ("squares",))),
        ("assert table['a'] == 2", (1, 2, "==", "table['a']", ("table",))),
        ("assert abs(mean([1, 2]) - 1.5) < 1e-6", (3, 1.5, "close", "mean([1, 2])", ("mean",))),
        ("assert 0.1 > abs(1.5 - mean([1, 2]))", (3, 1.5, "close", "mean([1, 2])", ("mean",))),
        ("assert np.sum((mean([1]) - 2) ** 2) < 1e-3", (1, 2, "close", "mean([1])", ("mean",))),
        ("assert np.allclose(mean([1]), 2)", (1, 2, "close", "mean([1])", ("mean",))),
        ("assert (np.array(2) == mean([1])).all()", (1, np.array(2), "==", "mean([1])", ("mean",))),
        ("assert isinstance(name(1), int)", ("Ada", "int", "isinstance", "name(1)", ("name",))),
        ("assert isinstance(name(1), (int, float))", ("Ada", "int or float", "isinstance", "name(1)", ("name",))),
        ("assert type(name(1)) == list", ("Ada", "list", "type", "name(1)", ("name",))),
        ("assert 'b' in table", ({"a": 1}, "b", "holds", "table", ("table",))),
        ("assert name(1) in ('Bob', 'Eve')", ("Ada", ("Bob", "Eve"), "in", "name(1)", ("name",))),
        ("assert prime(7)", (False, NOTHING, "true", "prime(7)", ("prime",))),
        ("assert not prime(8) and prime(7), 'x'", (False, NOTHING, "true", "prime(7)", ("prime",))),
        ("assert not mean([1])", (1, NOTHING, "false", "mean([1])", ("mean",))),
        ("assert not mean([1]) == 1", (1, 1, "!=", "mean([1])", ("mean",))),
        ("assert 0 <= mean([1, 2]) <= 1", (3, 1, "<=", "mean([1, 2])", ("mean",))),
        ("assert 5 < mean([1, 2])", (3, 5, ">", "mean([1, 2])", ("mean",))),
        ("assert nothing(1) is not None", (None, None, "is not", "nothing(1)", ("nothing",))),
        ("assert all(squares(n) == [0] for n in (1, 2))", ([0, 1], [0], "==", "squares(n)", ("squares",))),
        ("for n, want in [(1, 1), (2, 9)]:\n    assert mean([n]) == want", (2, 9, "==", "mean([n])", ("mean",))),
        ("for x, y in zip(squares(2), [0, 5]):\n    assert x == y", (1, 5, "==", "x", ("squares",))),
        ("if mean([1]) != 2:\n    raise ValueError('no')", (1, 2, "==", "mean([1])", ("mean",))),
        ("if mean([1]) == 2:\n    print()\nelse:\n    assert False", (1, 2, "==", "mean([1])", ("mean",))),
        ("np.testing.assert_allclose(mean([1]), 2)", (1, 2, "close", "mean([1])", ("mean",))),
        ("np.testing.assert_equal(actual=mean([1]), desired=2)", (1, 2, "==", "mean([1])", ("mean",))),
        ("np.testing.assert_array_equal([2], squares(1))", ([0], [2], "==", "squares(1)", ("squares",))),
        ("import unittest\nt = unittest.TestCase()\nt.assertEqual(2, mean([1]))", (1, 2, "==", "mean([1])", ("mean",))),
        ("import unittest\nunittest.TestCase().assertTrue(prime(7))", (False, NOTHING, "true", "prime(7)", ("prime",))),
        ("import unittest\nunittest.TestCase().assertIsNone(prime(7))", (False, None, "is", "prime(7)", ("prime",))),
        ("import unittest\nunittest.TestCase().assertIn(3, squares(2))", ([0, 1], 3, "holds", "squares(2)", ("squares",))),
        ("import pytest\nassert mean([1]) == pytest.approx(2)", (1, 2, "close", "mean([1])", ("mean",))),
        ("import pytest\nwith pytest.raises(ValueError):\n    strict(-1)", (NOTHING, "ValueError", "raises", "strict(-1)", ("strict",))),
        ("import unittest\nunittest.TestCase().assertRaises(KeyError, strict, -1)", (NOTHING, "KeyError", "raises", "strict(-1)", ("strict",))),
        ("try:\n    strict(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('x')", (NOTHING, "ValueError", "raises", "strict(-1)", ("strict",))),
        ("try:\n    strict(-1)\n    assert False\nexcept (KeyError, ValueError):\n    pass", (NOTHING, "(KeyError, ValueError)", "raises", "strict(-1)", ("strict",))),
        ("try:\n    nothing(1)[0]\nexcept TypeError as e:\n    assert str(e) == 'x'", ("'NoneType' object is not subscriptable", "x", "==", "str(e)", ("nothing",))),
        ("assert prime(7) if mean([1]) else mean([2])", (False, NOTHING, "true", "prime(7)", ("prime",))),
        ("ok = np.isclose(mean([1]), 2)\nif not ok:\n    print('no')\nassert ok", (1, 2, "close", "mean([1])", ("mean",))),
        ("def test(x, due):\n    ok = mean(x) == due\n    assert ok, 'no'\nfor x, due in (([1], 1), ([2], 9)):\n    test(x, due)", (2, 9, "==", "mean(x)", ("mean",))),
        ("ok = mean([1]) == 2\nok = prime(3)\nassert ok", (False, NOTHING, "true", "ok", ("prime",))),
        ("assert nothing(1) < 5", (None, 5, "<", "nothing(1)", ("nothing",))),
        ("assert nothing(1)[0] == 5", (NOTHING, 5, "==", "nothing(1)[0]", ("nothing",))),
        ("assert False, 'never'", (NOTHING, NOTHING, "", "", ())),
    ],
)  # fmt: skip
def test_both_sides_of_what_failed_are_there(cell: str, due: tuple[object, ...]) -> None:
    assert told(seen(cell)) == due


def test_a_helper_of_an_earlier_cell_tells_what_it_was_given() -> None:
    helper = "def check(f, x, want):\n    got = f(x)\n    assert want == got, 'no'"
    found = seen(helper, "def inner(x):\n    return squares(x)\ncheck(inner, 1, [5])")
    assert told(found) == ([0], [5], "==", "got", ("squares",))
    assert found is not None
    assert found.statement == "assert want == got, 'no'"


def test_values_of_a_round_before_are_forgotten() -> None:
    assert told(seen("for n in (0, 1):\n    assert n == 0 and mean([n]) == 0")) == (1, 0, "==", "n", ())


def test_what_was_raised_in_no_assertion_is_told_by_none() -> None:
    assert seen("squares(2)[7]") is None
    assert seen("assert squares(1) == [0]") is None


def test_lines_and_the_last_expression_stay_where_they_are() -> None:
    cell = "x = 1\nassert x\nif x > 2:\n    raise ValueError\n[x][3]"
    asserts = Asserts(())
    tree = asserts.rewritten(ast.parse(cell), "<cell>", cell)
    assert isinstance(tree.body[-1], ast.Expr)
    assert tree.body[-1].lineno == 5
    with pytest.raises(IndexError) as caught:
        exec(compile(tree, "<cell>", "exec"), {asserting.NAME: asserts.see})
    assert caught.traceback[-1].lineno == 4
    asserts.forget()
    assert asserts.of(caught.value) is None


@pytest.mark.parametrize(
    "make", [lambda log: type("Lying", (), {"__eq__": lambda *_: log.append("eq"), "__bool__": lambda _: log.append("bool"), "__repr__": lambda _: log.append("repr")})()]
)  # fmt: skip
def test_nothing_is_asked_of_a_value(make: Callable[[list[str]], object]) -> None:
    log: list[str] = []
    found = seen("assert odd() == 3", odd=lambda: make(log))
    assert found is not None
    assert log == ["eq"]  # by the cell itself

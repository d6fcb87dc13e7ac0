"""Plain values that hold others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from plain_values import plain_values, same

from autograder import nested
from autograder.data import Code, Column, Other, Seeded, Table

TABLE = Table("DataFrame", (Column("a", "float64", np.array([1.5])), Column("b", "object", ("x",))))


def test_leaves_are_met_in_order() -> None:
    assert list(nested.leaves([1, ("a", {"k": [None]}), {2}, set()])) == [1, "a", "k", None, 2]
    name, cells, other, text = nested.leaves(TABLE)
    assert (name, cells.tolist(), other, text) == ("a", [1.5], "b", "x")
    assert nested.arrays([TABLE, np.ones(1)])[0] is TABLE.columns[0].cells


@given(plain_values())
def test_a_value_mapped_onto_itself_is_itself(value: Any) -> None:
    assert same(nested.mapped(value, lambda leaf: leaf), value)


def test_leaves_are_changed_and_keys_are_not() -> None:
    def double(leaf: Any) -> Any:
        return leaf * 2

    assert nested.mapped({"a": [1, ("b", {3})]}, double) == {"a": [2, ("bb", {3})]}
    changed = nested.mapped(TABLE, double)
    assert (changed.columns[0].cells.tolist(), changed.columns[1].cells) == ([3.0], ("xx",))
    assert changed.columns[0].name == "a"


@pytest.mark.parametrize(
    ("value", "name", "shape"),
    [
        (None, "NoneType", ()),
        (True, "bool", ()),
        ("ab", "str", (2,)),
        ({"a": 1}, "dict", (1,)),
        (np.ones((2, 3)), "ndarray", (2, 3)),
        (np.float32(1), "float32", ()),
        (TABLE, "DataFrame", (1, 2)),
        (Other("Thing"), "Thing", ()),
        (Code("abs"), "function", ()),
        (Seeded(1), "Generator", ()),
    ],
)
def test_names_and_sizes(value: Any, name: str, shape: tuple[int, ...]) -> None:
    assert nested.type_name(value) == name
    assert nested.shape(value) == shape


def test_what_is_one_number() -> None:
    assert all(map(nested.is_number, [1, 1.5, 1j, np.float32(1), np.array(1)]))
    assert not any(map(nested.is_number, [True, np.bool_(True), "1", np.ones(1), None, np.str_("1")]))


def test_leaves_side_by_side() -> None:
    assert nested.pairs({"a": [1, (2,)], "b": "x"}, {"b": "y", "a": [3, (4,)]}) == [
        (1, 3),
        (2, 4),
        ("x", "y"),
    ]
    for one, other in (
        ([1], (1,)),
        ([1], [1, 2]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ([[1]], [[1, 2]]),
    ):
        assert nested.pairs(one, other) is None
    assert nested.pairs([1], 2) == [([1], 2)]
    sides = nested.pairs(TABLE, TABLE)
    assert sides is not None
    assert [left is right for left, right in sides] == [True] * 4


@given(plain_values())
def test_a_value_beside_itself(value: Any) -> None:
    sides = nested.pairs(value, value)
    assert sides is not None
    assert all(left is right for left, right in sides)


def test_whether_there_is_a_table() -> None:
    assert all(map(nested.has_table, [TABLE, [1, (TABLE,)], {"a": [TABLE]}]))
    assert not any(map(nested.has_table, [1, "a", [1], {"a": np.ones(1)}, {1}]))


def test_keys_as_text_are_the_same_whatever_order_their_items_are_in() -> None:
    one, other = (
        frozenset([None, 86, ("a", frozenset([8, 0]))]),
        frozenset([("a", frozenset([0, 8])), 86, None]),
    )
    assert nested.text(one) == nested.text(other) == "{('a' {0 8}) 86 None}"

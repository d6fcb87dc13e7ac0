"""The ladder of each kind of value: what is equal, and where two values differ."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from plain_values import plain_values

from autograder import nested
from autograder.checking import kinds
from autograder.data import Column, Other, Table
from autograder.differences import Difference
from autograder.records import Tolerance

DEFAULT = Tolerance()
EXACT = Tolerance(exact=True)
NAN = float("nan")


def table(kind: Any = "DataFrame", index: tuple[Column, ...] = (), **columns: Any) -> Table:
    made = []
    for name, cells in columns.items():
        array = np.asarray(cells)
        text = array.dtype.kind in "UO"
        made.append(Column(name, "object" if text else str(array.dtype), tuple(cells) if text else array))
    return Table(kind, tuple(made), index)


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (3, 3.0),
        (3.0, 3),
        (3, np.float64(3)),
        (3.0, np.array(3)),
        (np.int64(3), 3),
        (10**30, 10**30),
        (1e6, 1e6 + 5),
        (0.0, 1e-9),
        (1 + 1j, 1 + 1j),
        (float("inf"), float("inf")),
        (True, np.bool_(True)),
        ("text", np.str_("text")),
        (None, None),
        ([1, "a", None], [1.0, "a", None]),
        ((1, 2), (1, 2)),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
        ({np.int64(1): 2, np.str_("x"): 3}, {1: 2, "x": 3}),
        ({1, "a"}, frozenset({"a", 1})),
        (np.array([1.0, 1e6]), np.array([1.0, 1e6 + 5])),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array(["a", "bc"]), np.array(["a", "bc"], "<U9")),
        (np.array([True]), np.array([True])),
        (table(a=[1.0, NAN], b=["x", None]), table(a=[1.0, NAN], b=["x", NAN])),
        (table(a=[1, 2]), table(a=[1.0, 2.0])),
        (table(a=[1e6, 0.0]), table(a=[1e6, 5.0])),
        (table(a=[5]), table(a=[5], index=(Column(None, "int64", np.arange(1)),))),
        (np.array(["2026-01-01"], "M8[D]"), np.array(["2026-01-01"], "M8[s]")),
    ],
)
def test_equal(due: Any, got: Any) -> None:
    assert kinds.find(due, got, DEFAULT) is None
    assert kinds.equal(due, got, DEFAULT)


@pytest.mark.parametrize(
    ("due", "got", "rung"),
    [
        (200_000, 200_001, "values"),
        (3, 3.0000001, "values"),
        (2**60, 2.0**60 + 2**20, "values"),
        (1.0, 1.0001, "values"),
        (1.0, 10**400, "values"),
        (NAN, NAN, "values"),
        (1.0, NAN, "values"),
        (1, True, "type"),
        (True, 1, "type"),
        (True, False, "values"),
        (1, "1", "type"),
        ("1", 1, "type"),
        (1, None, "none"),
        (None, 0, "type"),
        ([1], (1,), "type"),
        ([1], np.array([1]), "type"),
        ([1, 2], [1], "length"),
        ([1, 2], [2, 1], "values"),
        ({"a": 1}, {"A": 1}, "keys"),
        ({True: 1}, {1: 1}, "keys"),
        ({"a": 1}, {"a": True}, "type"),
        ({1, 2}, {1}, "items"),
        ({1}, {True}, "items"),
        ("abc", "abC", "text"),
        (b"abc", "abc", "type"),
        (b"abc", b"abd", "text"),
        (np.array([1, 200_000]), np.array([1, 200_001]), "values"),
        (np.array([1.0]), np.array([[1.0]]), "shape"),
        (np.array(["a"]), np.array([1.0]), "dtype"),
        (np.array([True]), np.array([1]), "dtype"),
        (np.array(["2026-01-01"], "M8[D]"), np.array(["2026-01-02"], "M8[D]"), "values"),
        (table(a=[1.0]), table(b=[1.0]), "columns"),
        (table(a=[1], b=[2]), table(b=[2], a=[1]), "columns"),
        (table(a=[1, 2]), table(a=[1]), "length"),
        (table(a=[1.0]), table(a=[NAN]), "values"),
        (table(a=["x"]), table(a=[None]), "values"),
        (table(a=[1]), table(a=["1"]), "values"),
        (table(a=[1.0]), table(a=[True]), "dtype"),
        (table(a=[True]), table(a=[1.0]), "dtype"),
        (table(a=[1, 2]), table(a=[1, 2], index=(Column(None, "int64", np.array([1, 2])),)), "index"),
        (table("Series", a=[1]), table("Series", b=[1]), "columns"),
        (table("Series", a=[1]), table(a=[1]), "type"),
        (object, Other("type"), "type"),
        (Other("thing"), Other("thing"), "values"),
    ],
)
def test_different(due: Any, got: Any, rung: str) -> None:
    found = kinds.find(due, got, DEFAULT)
    assert found is not None
    assert found.rung == rung
    assert not found.message[0].islower()
    assert not kinds.equal(due, got, DEFAULT)


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (3, 3.0),
        (3.0, np.float64(3)),
        ({1}, frozenset({1})),
        (np.array([1.0]), np.array([1], np.float32)),
        ([np.array([1.0])], [np.array([1])]),
        (table(a=[1.0]), table(a=[1])),
    ],
)
def test_where_it_is_exact_the_type_counts_too(due: Any, got: Any) -> None:
    assert kinds.find(due, got, EXACT) is not None
    assert kinds.find(due, copy.deepcopy(due), EXACT) is None


def paths(due: Any, got: Any) -> list[tuple[tuple[Any, ...], str]]:
    found = kinds.find(due, got, DEFAULT)
    assert found is not None
    return [(one.path, one.how) for one in found.differences]


def test_the_places_that_differ() -> None:
    due = {"a": [1, 2, 3], "b": {"c": "x"}, "gone": 0, "s": {1, 2}}
    got = {"a": [1, 5], "b": {"c": "y"}, "new": 0, "s": {2, 3}}
    assert paths(due, got) == [
        (("gone",), "missing"),
        (("a",), "differs"),
        (("a", 1), "differs"),
        (("a", 2), "missing"),
        (("b", "c"), "differs"),
        (("s",), "differs"),
        (("s", 1), "missing"),
        (("s", 3), "extra"),
        (("new",), "extra"),
    ]
    assert paths([np.eye(2)], [np.zeros((2, 2))]) == [((0, (0, 0)), "differs"), ((0, (1, 1)), "differs")]
    assert paths(table(a=[1, 2], b=[3, 4]), table(a=[1, 2], b=[3, 5])) == [((1, 1), "differs")]
    assert paths(table(a=[1], b=[3]), table(c=[3], a=[1])) == [((1,), "missing"), ((0,), "extra")]


def test_no_more_differences_than_anyone_reads() -> None:
    found = kinds.find([0] * 10_000, [1] * 10_000, DEFAULT)
    assert found is not None
    assert len(found.differences) == kinds.MOST
    assert isinstance(found.differences[0], Difference)


@pytest.mark.parametrize(
    ("due", "got", "message"),
    [
        ({"a": 1, "b": 2, "c": 3}, {}, "3 keys are missing, such as `'a'`."),
        ("ab", "abc", "The text goes on after its 2 characters."),
        ("abc", "ab", "The text ends after 2 characters, too early."),
        ("abc", "", "The text is empty."),
        ([{"x": 1}], [{"x": 2}], "At `[0]['x']`: the number is wrong."),
        (table(a=[1.0, 2.0]), table(a=[1.5, 2.5]), "The column `'a'` is wrong in 2 rows."),
        (table(a=[1], b=[2]), table(b=[2], a=[1]), "Its columns stand in another order than they should."),
        (table(a=[1], b=[2]), table(a=[1]), "The column `'b'` is missing."),
        (table(a=[1]), table(a=[1], b=[2]), "The column `'b'` should not be there."),
        ([1.0, 2.0, NAN], [1.0, 2.5, 3.0], "At `[1]`: the number is wrong."),
        ([1e6, 1.0], [1e6 + 5, 1.1], "At `[1]`: the number is wrong."),
        (table("Series", a=[1]), table("Series", b=[1]), "Its name is `'b'`, and should be `'a'`."),
        (np.array(["a", "b"]), np.array(["a", "c"]), "1 entry of 2 is wrong."),
        ({"k" * 100: 1}, {}, f"The key `'{'k' * 39}…` is missing."),
        (1.5, Other("Leak_0_25"), "It returned an object of another type where a float should be."),
        (
            1.5,
            Other("list that is too large"),
            "It returned a list that is too large where a float should be.",
        ),
    ],
)
def test_sentences(due: Any, got: Any, message: str) -> None:
    found = kinds.find(due, got, DEFAULT)
    assert found is not None
    assert found.message == message


@given(plain_values())
def test_every_value_is_equal_to_itself_but_for_nan(value: Any) -> None:
    nans = any(
        leaf.dtype.kind in "fcMm" and (leaf != leaf).any() if isinstance(leaf, np.ndarray) else leaf != leaf
        for leaf in nested.leaves(value)
    )
    for tolerance in (DEFAULT, replace(DEFAULT, exact=True)):
        assert kinds.equal(value, copy.deepcopy(value), tolerance) or nans


@given(plain_values(), plain_values())
def test_any_two_values_can_be_compared(due: Any, got: Any) -> None:
    found = kinds.find(due, got, DEFAULT)
    assert found is None or (found.message and isinstance(found.message, str))
    if not any(
        leaf != leaf for leaf in nested.leaves([due, got]) if not isinstance(leaf, np.ndarray)
    ) and not nested.arrays([due, got]):
        assert (kinds.find(got, due, EXACT) is None) == (kinds.find(due, got, EXACT) is None)

"""Values on their way to the wire: what has no place on it, and what is too much."""

from __future__ import annotations

import datetime
from collections import Counter, namedtuple
from typing import Any

import numpy as np
import pytest
from plain_values import same

from autograder.child import nodes, packing, unpacking
from autograder.child.nodes import NoPlaceError, TooLargeError
from autograder.data import Code, Other, Seeded


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "object"),
        (datetime.date(2026, 1, 2), "datetime.date"),
        (range(3), "range"),
        ((number for number in (1, 2)), "generator"),
        (len, "builtin_function_or_method"),
        (Counter("ab"), "collections.Counter"),
        (namedtuple("pair", "a b")(1, 2), "pair"),
        (np.array([None]), "array of object"),
        (np.zeros(2, [("a", "i4")]), "array of"),
        (np.ma.masked_array([1]), "MaskedArray"),
        ([1, {"a": [object()]}], "object"),
        ({object(): 1}, "object"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_place(value: Any, named: str) -> None:
    with pytest.raises(NoPlaceError, match=named):
        packing.pack(value)


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        endless(),
        [0] * (nodes.MAX_NODES + 1),
        [[0] * 1000] * 200,
        dict.fromkeys(range(nodes.MAX_NODES + 1)),
        16**nodes.MAX_DIGITS,
        np.broadcast_to(np.float64(1), (10**6, 10**6)),
        np.zeros((1,) * 9),
        np.zeros((10**6, 10**6, 0)),
        [np.ones(2_000_000)] * 16,
    ],
    ids=[
        "endless",
        "long",
        "many",
        "keys",
        "digits",
        "10^12-view",
        "nine-dimensions",
        "empty-and-huge",
        "one-array-often",
    ],
)
def test_what_is_too_much(value: Any) -> None:
    with pytest.raises(TooLargeError):
        packing.pack(value)


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.arange(3.0, dtype=np.longdouble), "<f8"),
        (np.arange(3.0, dtype=np.clongdouble), "<c16"),
        (np.arange(3, dtype=">i4"), "<i4"),
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), "<f8"),
        (np.arange(10)[::-2], "<i8"),
        (np.array(["é", "long"]), "<U4"),
        (np.array(["", ""]), "<U1"),
        (np.array(["2020-01-01"], "datetime64[D]"), "<M8[D]"),
    ],
    ids=["longdouble", "clongdouble", "big-endian", "fortran", "strided", "text", "empty-text", "dates"],
)
def test_odd_arrays_arrive_plain(array: np.ndarray[Any, Any], dtype: str) -> None:
    back = unpacking.unpack_array(packing.pack_array(array))
    assert back.dtype.str == dtype
    assert type(back) is np.ndarray
    np.testing.assert_array_equal(back, np.asarray(array))


def test_a_value_without_others_is_itself_and_what_holds_others_is_a_flat_list() -> None:
    assert isinstance(packing.pack(np.ones(2)), nodes.ArrayData)
    assert packing.pack("a") == nodes.PlainData("a")
    assert packing.pack(Other("thing")) == nodes.OtherData("thing")
    assert packing.pack(Code("abs")) == nodes.CodeData("abs")
    assert packing.pack(Seeded(3)) == nodes.SeededData(3)
    assert packing.pack([["a"], {}]) == nodes.Tree(
        [
            nodes.ManyData("list", 2),
            nodes.ManyData("list", 1),
            nodes.PlainData("a"),
            nodes.ManyData("dict", 0),
        ]
    )


def test_text_that_cannot_be_written_down_is_changed_and_not_lost() -> None:
    assert packing.pack("a\ud800") == nodes.PlainData("a?")


def test_very_large_numbers() -> None:
    for number in (2**63, -(2**63), -(2**63) - 1, 10**4000):
        assert same(unpacking.unpack_value(packing.pack(number)), number)

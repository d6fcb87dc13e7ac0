"""Objects that stay in a child, and how values with such objects in them cross and come back."""

from __future__ import annotations

import collections
import itertools
import math
from typing import Any

import numpy as np
import pandas
import pytest

from autograder.child import handles, kin, nodes, packing, unpacking
from autograder.child.handles import Handles, TooManyHeldError
from autograder.child.nodes import HandleData, OtherData, PlainData


class Thing:
    def __len__(self) -> int:
        return 3


@pytest.fixture
def held() -> Handles:
    return Handles(5, lambda number: f"function {number}")


def read(data: Any) -> Any:
    return unpacking.unpack(data, held=lambda node: node)


def test_plain_values_are_data_and_others_are_handles_in_them(held: Handles) -> None:
    thing = Thing()
    found = read(held.data({"a": [1, thing, (thing, np.ones(2))]}))
    handle = found["a"][1]
    assert handle == found["a"][2][0] == HandleData(5, "object", "Thing", ("length",))
    assert held[5] is thing
    back = held.value(packing.pack_with([handle, 2], lambda value: value))
    assert back[0] is thing


@pytest.mark.parametrize(
    ("value", "kind", "can"),
    [
        (len, "function", ("call",)),
        (math.sin, "function", ("call",)),
        (np.sin, "function", ("call",)),
        (lambda: 1, "function", ("call",)),
        (Thing, "class", ("call",)),
        (type("Own", (ValueError,), {}), "exception", ("call",)),
        (iter([1]), "iterator", ("iterate",)),
        (itertools.count(), "iterator", ("iterate",)),
        (Thing(), "object", ("length",)),
        (np.ma.array([1]), "object", ("iterate", "length", "item")),
        (type("Dict", (dict,), {})(), "object", ("iterate", "length", "item", "plain")),
        (type("Dict", (dict,), {"__eq__": lambda *_: True})(), "object", ("iterate", "length", "item")),
        (math, "object", ()),
    ],
)
def test_what_an_object_is(held: Handles, value: Any, kind: str, can: tuple[str, ...]) -> None:
    found = held.data(value)
    assert isinstance(found, HandleData)
    assert (found.kind, found.can) == (kind, can)


def test_tables_are_data_where_they_can_be(held: Handles) -> None:
    table = pandas.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert read(held.data(table)).equals(table)
    zoned = pandas.Series(pandas.to_datetime(["2024-01-01"]).tz_localize("Europe/Berlin"))
    assert isinstance(held.data(zoned), HandleData)
    # One object in a table is a handle in it.
    assert isinstance(read(held.data(pandas.Series([Thing()])))[0], HandleData)


def test_what_does_not_cross_whole_is_kept_whole(held: Handles, monkeypatch: pytest.MonkeyPatch) -> None:
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    for value in (cyclic, {Thing(): 1}, {(Thing(),)}, list(range(200_000)), np.zeros((3000, 3000)), 10**6000):
        assert isinstance(held.data(value), HandleData), type(value)
    monkeypatch.setattr(handles, "MAX_HELD_IN_ONE", 3)
    several = [Thing() for _ in range(4)]
    assert isinstance(held.data(several), HandleData)
    assert held.hold(several[0]).id > held.hold(several).id  # what had been numbered for it was let go


def test_as_many_as_may_be_kept(held: Handles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "MAX_HELD", 2)
    one, two = Thing(), Thing()
    assert [held.hold(one).id, held.hold(two).id, held.hold(one).id] == [5, 6, 5]
    with pytest.raises(TooManyHeldError):
        held.data(Thing())
    held.drop([5, 77])
    assert held.hold(Thing()).id == 7
    for number in (5, 77, None):
        with pytest.raises(ReferenceError):
            _ = held[number]
    with pytest.raises(ReferenceError):
        held.value(HandleData(5, "object", "Thing"))


def test_what_the_other_side_hands_over(held: Handles) -> None:
    assert held.value(nodes.CallableData(3)) == "function 3"
    assert held.value(nodes.LibraryData("builtins", "str.upper")) is str.upper
    point = collections.namedtuple("Point", "x y")(1, 2)
    for value in ([point], {"a": (point,)}):
        # What arrives there is made of data, and goes back as such.
        there = read(held.data(value))
        back = held.value(packing.pack_with(there, lambda one: kin.parted(one) or one))
        back = back[0] if isinstance(back, list) else back["a"][0]
        assert (back, type(back)) == (point, type(point))
    unknown = held.value(packing.pack_with(collections.namedtuple("Own", "x")(1), kin.parted))
    assert (unknown, unknown.x) == ((1,), 1)
    assert read(held.data(unknown)) == unknown


def test_values_of_an_iterator_as_far_as_they_go(held: Handles) -> None:
    data, left, error = held.each(iter([1, 2, 3]), 2)
    assert (read(data), left, error) == ([1, 2], [], None)
    data, left, error = held.each(iter([Thing()]), 2)
    assert isinstance(read(data)[0], HandleData)
    assert isinstance(error, StopIteration)

    def breaks() -> Any:
        yield 1
        raise ValueError("no more")

    data, left, error = held.each(breaks(), 5)
    assert (read(data), repr(error)) == ([1], "ValueError('no more')")
    large = np.zeros(2**19)  # 4 MiB each
    data, left, error = held.each(iter([large] * 9), 9)
    assert (len(read(data)), len(left), error) == (4, 1, None)
    long = list(range(60_000))
    data, left, error = held.each(iter([long, 1]), 2)
    assert isinstance(read(data)[0], HandleData)


def test_an_array_of_an_object(held: Handles) -> None:
    class Arrayed:
        def __array__(self, *_: Any, **__: Any) -> Any:
            return np.ones(2)

    assert read(held.array(Arrayed())).tolist() == [1, 1]
    assert read(held.array(np.ma.array([1, 2]))).tolist() == [1, 2]


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, (1,), {1}, frozenset([1]), "a", 2.5, 3])
def test_what_inherits_from_plain_values_as_such(held: Handles, value: Any) -> None:
    own = type("Own", (type(value),), {})(value)
    assert isinstance(held.data(own), HandleData)
    back = read(held.plain(own))
    assert (back, type(back)) == (value, type(value))


def test_what_inherits_from_an_array_as_one(held: Handles) -> None:
    assert type(read(held.plain(np.ones(2).view(type("Own", (np.ndarray,), {}))))) is np.ndarray
    with pytest.raises(TypeError, match="a Thing is no plain value"):
        held.plain(Thing())


def test_nothing_else_comes_of_data(held: Handles) -> None:
    assert held.data(None) == PlainData(None)
    assert read(OtherData("x")) is not None


def test_operators_with_their_sides_changed() -> None:
    assert handles.OPERATORS["sub"](5, 3) == 2
    assert handles.OPERATORS["rsub"](5, 3) == -2
    assert handles.OPERATORS["rdivmod"](5, 13) == (2, 3)

"""Further kinds of values: taken apart and put together they are what they were, and nothing else is ever made."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import math
from typing import Any, NamedTuple

import numpy as np
import pandas
import pytest

from autograder.child import kin, nodes, packing, unpacking
from autograder.child.nodes import KinData, PlainData, Tree, WireError

Point = collections.namedtuple("Point", "x y")  # as students make them


def sent(value: Any) -> Any:
    return unpacking.unpack(packing.pack_with(value, kin.parted), held=lambda node: node)


def of(kind: str, *parts: Any, names: tuple[str, ...] = ()) -> Any:
    packed = [packing.pack(part) for part in parts]
    inside = [one for data in packed for one in (data.nodes if isinstance(data, Tree) else [data])]
    return unpacking.unpack(Tree([KinData(kind, len(parts), names), *inside]), held=lambda node: node)


VALUES = [
    collections.OrderedDict([("b", 1), ("a", [2])]),
    collections.Counter("abca"),
    collections.deque([1, 2], 3),
    collections.deque([1]),
    collections.defaultdict(list, {1: [2]}),
    {"a": 1}.keys(),
    {"a": 1}.items(),
    bytearray(b"ab"),
    range(1, 10, 2),
    slice(None, 3),
    fractions.Fraction(1, 3),
    decimal.Decimal("1.50"),
    datetime.date(2024, 2, 29),
    datetime.time(1, 2, 3, 4),
    datetime.datetime(2024, 2, 29, 1),
    datetime.timedelta(1, 2),
    Ellipsis,
    NotImplemented,
    int,
    type(None),
    ValueError,
    np.dtype("<f8"),
    np.dtype(object),
    pandas.Timestamp("2024-02-29"),
    pandas.Timedelta("1h"),
    [range(3), {"when": datetime.date(2024, 1, 1)}],
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_survives_with_its_type(value: Any) -> None:
    back = sent(value)
    assert back == value
    assert type(back) is type(value)
    assert getattr(back, "maxlen", None) == getattr(value, "maxlen", None)


def test_what_equality_does_not_show() -> None:
    assert list(sent({"a": 1}.values())) == [1]
    assert sent(collections.defaultdict(list))["new"] == []
    assert sent(collections.defaultdict(lambda: 3)).default_factory is None
    assert sent(pandas.NA) is pandas.NA
    assert sent(pandas.NaT) is pandas.NaT
    texts = np.array([["a", None], [1, [2]]], dtype=object)
    back = sent(texts)
    assert back.dtype == object
    assert back.tolist() == texts.tolist()


def test_a_named_tuple_is_a_tuple_with_names() -> None:
    point = sent(Point(1, [2]))
    assert point == (1, [2])
    assert isinstance(point, tuple)
    assert (point.x, point.y, repr(point), point._asdict()) == (
        1,
        [2],
        "Point(x=1, y=[2])",
        {"x": 1, "y": [2]},
    )
    assert point._replace(x=3) == (3, [2])
    assert type(sent(Point(3, 4))) is type(point)
    assert sent(point) == point
    with pytest.raises(AttributeError, match="no attribute 'z'"):
        _ = point.z
    assert point.of_ is None
    with pytest.raises(ValueError, match="unexpected field"):
        point._replace(z=1)


def test_a_named_tuple_asks_its_class_for_what_else_it_has() -> None:
    class Measured(NamedTuple):
        x: int

        def doubled(self, times: int = 2) -> int:
            return self.x * times

        @property
        def half(self) -> float:
            return self.x / 2

    point = sent(Measured(3))
    point.of_ = Measured
    assert (point.doubled(), point.doubled(3), point.half) == (6, 9, 1.5)
    assert point._replace(x=4).of_ is Measured
    with pytest.raises(AttributeError):
        _ = point._private
    assert packing.pack_with(point, lambda value: kin.parted(value) or 1) is not None


def test_what_is_of_no_kind() -> None:
    class Own(tuple[Any, ...]):
        _fields = ("x",)

    several = collections.namedtuple("Several", [f"x{number}" for number in range(200)])
    named = type("Named", (tuple,), {"_fields": ("not a name",)})
    taken = collections.namedtuple("Taken", "of_")
    zoned = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    for value in (
        object(),
        Own(),
        taken(1),
        several(*range(200)),
        named([1]),
        zoned,
        zoned.timetz(),
        test_what_is_of_no_kind,
    ):
        assert kin.parted(value) is None
    assert kin.parted(np.dtype([("a", "f8")])) is None
    assert kin.parted(type("Own", (), {})) is None


def test_functions_of_python_and_numpy_by_name() -> None:
    for function in (len, math.sqrt, np.sin, np.mean, str.upper, np.linalg.norm, max):
        found = kin.library(function)
        assert found is not None
        module = {"numpy": np, "math": math, "numpy.linalg": np.linalg}.get(found.module)
        assert module is None or getattr(module, found.name) is function

    class Named:
        __qualname__ = "len"
        __module__ = "builtins"

        def __call__(self) -> None:
            """Not Python's."""

    assert kin.library(Named()) is None
    assert kin.library(lambda: 1) is None
    assert kin.library(3) is None


@pytest.mark.parametrize(
    ("kind", "parts", "names"),
    [
        ("module", (), ()),
        ("class", (), ("eval",)),
        ("class", (), ()),
        ("named", (None, 1), ("P", "x", "y")),
        ("named", (None, 1, 2), ("P", "x", "x")),
        ("named", (None, 1), ("P", "not a name")),
        ("named", (None, 1), ("P", "of_")),
        ("named", (None, 1), ("\0", "x")),
        ("named", (), ("P",)),
        ("named", (), ()),
        ("range", (1, 2), ()),
        ("range", (1.0, 2, 3), ()),
        ("range", (1, 2, 0), ()),
        ("Fraction", (1, 0), ()),
        ("Decimal", ("x",), ()),
        ("Decimal", (1,), ()),
        ("Decimal", ("1" * 20_000,), ()),
        ("date", (2024, 2, 30), ()),
        ("timedelta", (10**12, 0, 0), ()),
        ("bytearray", (10**9,), ()),
        ("Timestamp", ("2024",), ()),
        ("constant", (), ("os",)),
        ("dtype", (), ("O",)),
        ("objects", ((3,), 1), ()),
        ("objects", ((-1,), 1), ()),
        ("objects", ((10**6, 10**6, 0),), ()),
        ("objects", ((10**4, 10**4, 0),), ()),
        ("objects", ((1,) * 99, 1), ()),
        ("Counter", (1,), ()),
        ("dict_keys", ([1], None), ()),
        ("deque", (1,), ("x",)),
    ],
)
def test_parts_that_make_no_value(kind: str, parts: Any, names: Any) -> None:
    with pytest.raises(WireError):
        of(kind, *parts, names=names)


def test_they_have_no_place_where_there_are_no_handles() -> None:
    with pytest.raises(WireError):
        unpacking.unpack_value(Tree([KinData("range", 0)]))
    for node in (
        nodes.HandleData(1, "object", "x"),
        nodes.CallableData(1),
        nodes.LibraryData("os", "system"),
    ):
        with pytest.raises(WireError):
            unpacking.unpack_value(node)
    with pytest.raises(WireError, match="a child alone"):
        unpacking.unpack(nodes.CodeData("abs"), held=lambda node: node)
    assert PlainData(1).value == 1

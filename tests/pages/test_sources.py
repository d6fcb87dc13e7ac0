"""Values as Python that makes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.data import Code, Column, Other, Seeded, Table
from autograder.pages.sources import NoSourceError, assignment, imports, size, source

VALUES = [
    None,
    True,
    0,
    -(10**5000),
    1.5,
    0.1 + 0.2,
    -0.0,
    float("inf"),
    -float("inf"),
    2 - 1j,
    'it\'s "so"\n\x1b\u202e\ud800',
    b"\x00'",
    [],
    [1, [True, None]],
    (),
    (1,),
    (1, "a"),
    set(),
    {1, 2},
    frozenset(),
    frozenset({"a"}),
    {"a": [1], (1, 2): {3}, None: {}},
    np.float64(1 / 3),
    np.float32(0.1),
    np.int8(-3),
    np.uint64(2**64 - 1),
    np.bool_(True),
    np.str_("a'b"),
    np.bytes_(b"a"),
    np.complex128(1 + 2j),
    np.datetime64("2024-01-01"),
    np.datetime64("2024-01-01T10:00:00.123456789"),
    np.timedelta64(5, "D"),
    np.array([[1, 2], [3, 4]]),
    np.array([1.0, 2.0]),
    np.array([1.5, -np.inf, np.inf]),
    np.array([1, 2], np.int8),
    np.array([0.5], np.float32),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.array(["a", "it's"]),
    np.array(["2024-01-01", "NaT"], "M8[s]"),
    np.array([5, -1], "m8[ms]"),
    np.array(5),
    np.array([1234567]),
    np.zeros((0, 3)),
    np.zeros((2, 0), int),
    np.arange(8.0).reshape(2, 2, 2),
    [np.array([1.5]), {"a": np.float64(2)}],
]


def made(value: Any) -> Any:
    """What the source makes, with nothing but its imports."""
    names: dict[str, Any] = {}
    exec("\n".join([*imports(value), f"value = {source(value, indent=8)}"]), names)
    return names["value"]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_and_its_type_come_back(value: Any) -> None:
    again = made(value)
    assert type(again) is type(value)
    if isinstance(value, np.ndarray):
        assert (again.dtype, again.shape) == (value.dtype, value.shape)
        np.testing.assert_array_equal(again, value)
    elif isinstance(value, np.generic):
        assert again.dtype == value.dtype
        assert again == value
    elif isinstance(value, list) and value and isinstance(value[0], np.ndarray):
        assert repr(again) == repr(value)
    else:
        assert again == value
        if isinstance(value, float):
            assert math.copysign(1, again) == math.copysign(1, value)


def test_what_equals_nothing_comes_back_too() -> None:
    assert math.isnan(made(float("nan")))
    assert np.isnan(made(np.array([np.nan]))).all()
    missing = made(np.timedelta64("NaT", "D"))
    assert np.isnat(missing)
    assert missing.dtype == "m8[D]"
    assert np.isnan(made(np.float32("nan")))


def test_a_generator_is_seeded_as_it_was() -> None:
    assert made(Seeded(7)).random() == np.random.default_rng(7).random()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("lambda x: x + 1", ("f",)),
        ("def f(x):\n    return x + 1\n", ("f",)),
        ("def other(x):\n    return x + 1", ("f", "other")),
    ],
)
def test_a_function_is_defined_under_the_name_of_the_argument(code: str, names: tuple[str, ...]) -> None:
    made: dict[str, Any] = {}
    exec(assignment("f", Code(code)), made)
    assert made["f"](1) == 2
    assert {name for name in made if not name.startswith("__")} == set(names)


def test_there_is_no_source_of_what_is_no_value() -> None:
    with pytest.raises(NoSourceError, match="generator"):
        source([Other("generator")])
    with pytest.raises(NoSourceError, match="no Python"):
        assignment("f", Code("def f(:"))


def test_only_what_is_used_is_imported() -> None:
    assert imports(1, "a", [2.5]) == []
    assert imports(1, [{"a": (np.float64(1),)}]) == ["import numpy as np"]
    assert imports({Seeded(1): 1}) == imports(Code("lambda x: np.exp(x)")) == ["import numpy as np"]
    assert imports(Table("Series", (Column("a", "int64", np.arange(2)),))) == [
        "import numpy as np",
        "import pandas as pd",
    ]


def test_the_size_is_what_there_is_to_paste() -> None:
    assert size(np.zeros((3, 4))) == 12
    assert size([1, [2, 3], {"a": 4}]) == 5
    assert size("x" * 8000) == 101
    assert size(Code("x" * 800)) == 11
    assert size(1 << 100_000) > 300
    assert size(list(range(10**6))) == 10**6
    assert size(Table("Series", (Column("a", "int64", np.arange(20)),))) == 21


# ----------------------------------------------------------------------------------------------- pandas


def table(kind: Any, *columns: Column, index: tuple[Column, ...] = ()) -> Table:
    return Table(kind, columns, index)


DAYS = np.array(["2024-01-01", "2024-01-02"], "M8[ns]")


@pytest.mark.parametrize(
    "given",
    [
        table("DataFrame", Column("a", "int64", np.array([1, 2])), Column("b", "object", ("x", None))),
        table(
            "DataFrame",
            Column("a", "float64", np.array([1.0, np.nan])),
            index=(Column("k", "object", ("p", "q")),),
        ),
        table(
            "DataFrame",
            Column(1, "int64", np.array([1, 2])),
            Column((1, "b"), "bool", np.array([True, False])),
        ),
        table("DataFrame", Column("a", "int64", np.array([1, 2])), Column("a", "int64", np.array([3, 4]))),
        table(
            "DataFrame", Column("day", "datetime64[ns]", DAYS), index=(Column(None, "datetime64[ns]", DAYS),)
        ),
        table("DataFrame", Column("c", "category", ("x", "y")), Column("i", "Int64", (1, None))),
        table("DataFrame"),
        table(
            "DataFrame",
            Column("n", "float32", np.array([0.5, 1.25], np.float32)),
            index=(Column("year", "int64", np.array([1, 2])), Column("shop", "object", ("x", "y"))),
        ),
        table("Series", Column(None, "int64", np.array([1, 2]))),
        table(
            "Series", Column("s", "object", ("x", "it's")), index=(Column("k", "int64", np.array([5, 6])),)
        ),
        table("Index", Column("i", "int64", np.array([1, 2]))),
        table("Index", Column(None, "object", ("x", "y"))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_table_comes_back(given: Table) -> None:
    pandas = pytest.importorskip("pandas")
    again = made(given)
    assert type(again) is getattr(pandas, given.kind)
    if given.kind == "Index":
        assert again.name == given.columns[0].name
        assert again.tolist() == list(given.columns[0].cells)
        return
    series = [again] if given.kind == "Series" else [again.iloc[:, place] for place in range(again.shape[1])]
    assert len(series) == len(given.columns)
    for column, one in zip(given.columns, series, strict=True):
        assert one.name == column.name
        assert str(one.dtype) == column.dtype
        for cell, due in zip(one.tolist(), list(column.cells), strict=True):
            assert cell == due or (pandas.isna(cell) and (due is None or due != due))
    for place, level in enumerate(given.index):
        assert again.index.names[place] == level.name
        assert again.index.get_level_values(place).tolist() == pandas.Index(level.cells).tolist()

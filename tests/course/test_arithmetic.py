"""Where cells come from; held against the solutions themselves in test_derived.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.course.arithmetic import Chain, Link, Operation, Read

X = np.arange(12.0).reshape(3, 4)


def read(symbol: str, view: Any = lambda x: x) -> Read:
    return Read(symbol, view)


def test_a_view_says_where_its_cells_come_from() -> None:
    turned = Operation("moved", "moved", (read("x", lambda x: x.T[1:]),))
    (places,) = turned.sources({"x": X}, X.T[1:], np.arange(9))
    assert np.ravel(X)[places[:, 0]].tolist() == np.ravel(X.T[1:]).tolist()


@pytest.mark.parametrize(
    ("axis", "rows"), [(0, [[0, 4, 8], [1, 5, 9]]), (-1, [[0, 1, 2, 3], [4, 5, 6, 7]]), ((0, 1), [list(range(12))])]
)  # fmt: skip
def test_a_fold_takes_a_row_a_column_or_all(axis: Any, rows: list[list[int]]) -> None:
    fold = Operation("fold", "sum", (read("x"),), axes=lambda x: axis)
    result = X.sum(axis=axis)
    (places,) = fold.sources({"x": X}, result, np.arange(min(2, result.size)))
    assert places.tolist() == rows


@pytest.mark.parametrize(
    ("key", "args", "told"),
    [
        ("subtract", (2.0, -1.0), "2 − (−1) = 3"),
        ("divide", (1.0, 4.0), "1 / 4 = 0.25"),
        ("power", (-3.0, 2.0), "(−3)² = 9"),
        ("sqrt", (4.0,), "√4 = 2"),
        ("negative", (-4.0,), "−(−4) = 4"),
        ("tanh", (0.0,), "tanh(0) = 0"),
        ("maximum", (1.0, 2.0), "maximum(1, 2) = 2"),
    ],
)
def test_arithmetic_of_entries(key: str, args: tuple[float, ...], told: str) -> None:
    names = "xy"[: len(args)]
    reads = tuple(read(name, lambda *held, place=place: held[place]) for place, name in enumerate(names))
    result = np.array([getattr(np, key)(*args)])
    operands = {name: np.array([one]) for name, one in zip(names, args, strict=True)}
    assert Operation("entries", key, reads).told(operands, result, 0) == told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sum", "1 + 2 + (−4) = −1"),
        ("mean", "mean of 1, 2, −4 = −0.3333"),
        ("max", "max(1, 2, −4) = 2"),
        ("std", "standard deviation of 1, 2, −4 = 2.625"),
        ("argmax", "place of the largest of 1, 2, −4 = 1"),
    ],
)
def test_arithmetic_of_folds(key: str, told: str) -> None:
    x = np.array([1.0, 2.0, -4.0])
    assert Operation("fold", key, (read("x"),)).told({"x": x}, getattr(np, key)(x), 0) == told


def test_the_way_back_ends_where_it_is_not_known() -> None:
    links = (
        Link("a", ("x",), Operation("entries", "exp", (read("x"),))),
        Link("b", ("a",), Operation("other", "cumsum")),
        Link("c", ("b",), Operation("entries", "exp", (read("b"),))),
        Link("d", ("x",), Operation("entries", "exp", (read("x"),))),
    )
    values = {"x": X, "a": np.exp(X), "b": np.cumsum(X, axis=1), "c": X, "d": X}
    chain = Chain(links, ("c",))
    parts = chain.parts(values, (1, 2))
    assert parts["c"] is not None
    assert parts["c"].tolist() == [6]
    assert parts["b"] is not None
    assert parts["b"].tolist() == [6]
    assert parts["a"] is None
    assert "d" not in parts
    assert chain.parts(values, (1, 2)) is parts
    assert chain.parts(dict(values), (0, 0)) is not parts


def test_of_several_results_the_first_place_says_which() -> None:
    links = (Link("a", ("x",), Operation("entries", "exp", (read("x"),))),)
    parts = Chain(links, ("x", "a")).parts({"x": X, "a": X}, (1, 0, 3))
    assert parts["a"] is not None
    assert parts["a"].tolist() == [3]

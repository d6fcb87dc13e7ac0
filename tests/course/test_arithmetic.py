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


def whole(key: str, *reads: Read, **operands: Any) -> str:
    """What is told of row 1 of a result."""
    kind: Any = "product" if key == "matmul" else "entries"
    values = [one.view(*operands.values()) for one in reads]
    result = np.asarray(getattr(np, key)(*values))
    return Operation(kind, key, reads).told_of_row(operands, result, 4 + np.arange(4))


ROW = read("x", lambda x, *others: x)


@pytest.mark.parametrize(
    ("key", "others", "operands", "told"),
    [
        ("exp", (), {"x": X - X}, "exp of row 1 = 1, 1, 1, 1"),
        ("negative", (), {"x": X}, "−row 1 = −4, −5, −6, −7"),
        ("subtract", (read("m", lambda x, m: m),), {"x": X, "m": np.array([[1.0], [-2.0], [3.0]])}, "row 1 − (−2) = 6, 7, 8, 9"),
        ("divide", (Read("", lambda x: np.sqrt(16), lambda x: 16),), {"x": X}, "row 1 / √16 = 1, 1.25, 1.5, 1.75"),
        ("multiply", (Read("", lambda x: 2.0),), {"x": X}, "row 1 · 2 = 8, 10, 12, 14"),
        ("add", (read("y", lambda x, y: y),), {"x": X, "y": X}, ""),  # which row is meant would have to be said twice
        ("multiply", (read("y", lambda x, y: y.T),), {"x": X, "y": X.T.copy()}, ""),
        ("matmul", (read("y", lambda x, y: y.T),), {"x": X, "y": X[[0, 1, 2, 2]]}, "x[1] · y[0] = 4·0 + 5·1 + 6·2 + 7·3 = 38; against every row of y: 38, 126, 214, 214"),
    ],
)  # fmt: skip
def test_a_whole_row_is_told_at_once(key: str, others: Any, operands: dict[str, Any], told: str) -> None:
    assert whole(key, ROW, *others, **operands) == told


def test_what_is_no_whole_row_is_not_told_as_one() -> None:
    turned = Operation("entries", "exp", (read("x"),))
    for cells in ([4, 5, 6], [5, 4, 6, 7], [3, 4, 5, 6]):
        assert turned.told_of_row({"x": X}, np.exp(X), np.array(cells)) == ""
    fold = Operation("fold", "sum", (read("x"),))
    assert fold.told_of_row({"x": X}, X, np.arange(4)) == ""
    stack = X.reshape(1, 3, 4)
    assert Operation("entries", "exp", (read("x"),)).told_of_row({"x": stack}, stack, np.arange(4)) == ""


def test_a_root_is_told_before_it_is_worked_out() -> None:
    by_root = Operation("entries", "divide", (read("x"), Read("", lambda x: np.sqrt(6), lambda x: 6)))
    assert by_root.told({"x": X}, X / np.sqrt(6), 4) == "4 / √6 = 4 / 2.449 = 1.633"


def test_what_a_sum_writes_out_is_not_told_again() -> None:
    """Of a softmax: the exponential of the cell itself; the others stand in the sum."""
    exponentials, sums = np.exp(X / 10), np.exp(X / 10).sum(axis=-1, keepdims=True)
    links = (
        Link("e", ("x",), Operation("entries", "exp", (read("x"),))),
        Link("s", ("e",), Operation("fold", "sum", (read("e"),), axes=lambda e: -1)),
        Link("w", ("e", "s"), Operation("entries", "divide", (read("e", lambda e, s: e), read("s", lambda e, s: s)))),
    )  # fmt: skip
    values = {"x": X, "e": exponentials, "s": sums, "w": exponentials / sums}
    cells = Chain(links, ("w",)).parts(values, (1, 2))
    assert {name: None if one is None else one.tolist() for name, one in cells.items()} == {
        "w": [6], "e": [6], "s": [1], "x": [6],
    }  # fmt: skip
    alone = Chain(links[:2], ("s",)).parts(values, (1, 0))
    assert {name: None if one is None else one.tolist() for name, one in alone.items()} == {
        "s": [1], "e": [4, 5, 6, 7], "x": [4, 5, 6, 7],
    }  # fmt: skip

"""pandas tables as tables to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograder.data import Column, Table
from autograder.pages.dataframes import row_count, size_in_words, tables_of
from autograder.pages.tables import Table as Grid


def frame(index: tuple[Column, ...] = (), **columns: Any) -> Table:
    made = [Column(name, _dtype(cells), cells) for name, cells in columns.items()]
    return Table("DataFrame", tuple(made), index)


def _dtype(cells: Any) -> str:
    return str(cells.dtype) if isinstance(cells, np.ndarray) else "object"


def labels(*cells: Any, name: Any = None) -> tuple[Column, ...]:
    return (Column(name, "object", cells),)


def drawn(grid: Grid) -> list[list[str]]:
    signs = {"": "", "wrong": "✗", "first": "*", "missing": "−", "extra": "+"}
    heads = [signs[one.mark] + one.word for one in grid.columns]
    rows = [
        [signs[row.label.mark] + row.label.word if row.label else ""]
        + [signs[one.mark] + one.text for one in row.entries]
        for row in grid.rows
    ]
    return [[grid.corner, *heads], *rows]


def both(got: Table, expected: Table, *wrong: tuple[int, ...]) -> Sequence[list[list[str]]]:
    (left,), (right,) = (
        tables_of(got, expected, wrong, "got").tables,
        tables_of(expected, got, wrong, "expected").tables,
    )
    return drawn(left), drawn(right)


def test_wrong_cells_are_marked_the_first_by_itself() -> None:
    got, expected = both(
        frame(n=np.array([1, 2]), x=np.array([0.5, 1.0])),
        frame(n=np.array([1, 3]), x=np.array([0.5, 1.25])),
        (0, 1),
        (1, 1),
    )
    assert got == [["", "n", "x"], ["0", "1", "0.500"], ["1", "*2", "✗1.000"]]
    assert expected == [["", "n", "x"], ["0", "1", "0.500"], ["1", "*3", "✗1.250"]]


def test_columns_that_are_missing_or_not_due() -> None:
    got, expected = both(frame(a=np.array([1]), c=np.array([2])), frame(a=np.array([1]), b=np.array([2])))
    assert got == [["", "a", "+c", "−b"], ["0", "1", "+2", "−"]]
    assert expected == [["", "a", "+b"], ["0", "1", "+2"]]  # what this side alone has


def test_rows_that_are_missing_or_not_due() -> None:
    index = labels("Ada", "Alan", name="who")
    got, expected = both(
        frame(index, n=np.array([1, 2])),
        frame(labels("Ada", "Grace", "Alan", name="who"), n=np.array([1, 3, 2])),
    )
    assert got == [["who", "n"], ["Ada", "1"], ["Alan", "2"], ["−Grace", "−"]]
    assert expected[2] == ["+Grace", "+3"]


def test_columns_and_rows_in_another_order_are_marked_where_they_moved() -> None:
    one = frame(labels("x", "y"), a=np.array([1, 2]), b=np.array([3, 4]))
    other = frame(labels("y", "x"), b=np.array([3, 4]), a=np.array([1, 2]))
    assert both(one, other)[0] == [["", "✗a", "✗b"], ["✗x", "1", "3"], ["✗y", "2", "4"]]


def test_a_column_of_another_dtype_is_marked() -> None:
    got, _ = both(frame(a=("1", "2")), frame(a=np.array([1, 2])), (0,))
    assert got[0] == ["", "✗a"]
    ((shown,),) = (tables_of(frame(a=("1",)), None, (), "got").tables,)
    assert [head.note for head in shown.columns] == ["object"]


def test_cells_are_written_for_people() -> None:
    days = np.array(["2024-01-01", "NaT"], "M8[ns]")
    shown = drawn(
        tables_of(
            frame(
                text=("it's", None),
                big=np.array([83_000_000, -1]),
                ok=np.array([True, False]),
                x=np.array([np.nan, np.inf]),
                day=days,
                inside=([1, 2], {"a": 1}),
            ),
            None,
            (),
            "got",
        ).tables[0]
    )
    assert shown[1:] == [
        ["0", "it's", "83000000", "True", "NaN", "2024-01-01", "[1, 2]"],
        ["1", "NaN", "−1", "False", "∞", "NaN", "{'a': 1}"],
    ]


def test_numbers_that_differ_look_different() -> None:
    got, expected = both(frame(x=np.array([1.00000001])), frame(x=np.array([1.00002])), (0, 0))
    assert got[1][1] != expected[1][1]


def test_row_labels_of_several_levels_are_one() -> None:
    index = (Column("year", "int64", np.array([2023, 2024])), Column("shop", "object", ("Bern", "Graz")))
    shown = drawn(tables_of(frame(index, n=np.array([1, 2])), None, (), "got").tables[0])
    assert shown == [["year · shop", "n"], ["2023 · Bern", "1"], ["2024 · Graz", "2"]]


def test_of_a_large_table_the_part_around_what_is_wrong_is_shown() -> None:
    columns = {f"c{number}": np.arange(500) for number in range(60)}
    shown = tables_of(frame(**columns), frame(**columns), [(40, 300)], "got")
    (grid,) = shown.tables
    assert any(one.mark == "first" for row in grid.rows for one in row.entries)
    assert shown.left_out == "Shown: rows 297 to 308 of 500 and columns 38 to 47 of 60. The rest is left out."
    lacking = {name: cells for name, cells in columns.items() if name < "c3"}
    assert "more columns are missing." in tables_of(frame(**lacking), frame(**columns), [], "got").left_out


@pytest.mark.parametrize(
    ("table", "size"),
    [
        (frame(a=np.array([1])), "DataFrame, 1 row × 1 column"),
        (Table("Series", (Column("a", "int64", np.arange(3)),)), "Series, 3 entries"),
        (Table("Index", (Column(None, "int64", np.arange(1)),)), "Index, 1 entry"),
        (Table("DataFrame", ()), "DataFrame, 0 rows × 0 columns"),
        (Table("DataFrame", (), labels("a", "b")), "DataFrame, 2 rows × 0 columns"),
    ],
)
def test_kind_and_size_in_words(table: Table, size: str) -> None:
    assert size_in_words(table) == tables_of(table, None, (), "got").shape == size
    assert f"{row_count(table)} " in size


def test_a_table_without_rows_names_its_columns() -> None:
    shown = tables_of(frame(a=np.array([], int), b=()), None, (), "got")
    assert shown.tables == ()
    assert shown.left_out == "It has no rows. Its columns: a, b."


def test_names_are_data() -> None:
    (grid,) = tables_of(
        Table("DataFrame", (Column("\x1b[2J" * 99, "object", ("\x07",)),)), None, (), "got"
    ).tables
    assert all(text.isprintable() and len(text) < 60 for line in drawn(grid) for text in line)
    (grid,) = tables_of(Table("DataFrame", (Column((1, "a"), "object", (1,)),)), None, (), "got").tables
    assert grid.columns[0].word == "(1, 'a')"

"""What of an array is shown, and how its numbers are written."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.pages.tables import MOST_COLUMNS, MOST_ROWS, Label, tables, writer


def texts(array, **more):
    (table,) = tables(array, write=more.pop("write", None) or writer(array), **more).tables
    return [[entry.text for entry in row.entries] for row in table.rows]


def test_a_matrix_is_one_table_with_numbered_rows_and_columns():
    shown = tables(np.array([[1.5, -2.25], [0.0, 10.0]]), write=writer(np.array([10.0, 1.5])))
    (table,) = shown.tables
    assert shown.shape == "2 × 2"
    assert shown.left_out == ""
    assert table.place == ""
    assert table.columns == (Label(0), Label(1))
    assert [row.label for row in table.rows] == [Label(0), Label(1)]
    assert [entry.text for entry in table.rows[0].entries] == ["1.50", "−2.25"]


def test_a_vector_is_one_row_without_a_label():
    shown = tables(np.arange(3), write=writer(np.arange(3)))
    assert shown.shape == "3 entries"
    assert shown.tables[0].columns == (Label(0), Label(1), Label(2))
    assert [row.label for row in shown.tables[0].rows] == [None]
    assert texts(np.arange(3)) == [["0", "1", "2"]]


def test_a_number_has_neither_rows_nor_columns():
    shown = tables(np.array(2.5), write=writer(np.array(2.5)))
    assert shown.shape == "a single number"
    assert shown.tables[0].columns == ()
    assert texts(np.array(2.5)) == [["2.500"]]


def test_three_dimensions_are_slices_around_the_first_wrong_one():
    array = np.arange(7 * 2 * 2).reshape(7, 2, 2)
    shown = tables(array, write=writer(array), first=(5, 1, 0), wrong=array == array[5, 1, 0])
    assert [table.place for table in shown.tables] == ["[4]", "[5]", "[6]"]
    assert (
        shown.left_out == "Shown: slices [4] to [6] of 7, around the first wrong cell. The rest is left out."
    )
    assert shown.tables[1].rows[1].entries[0].mark == "first"
    assert sum(e.mark != "" for table in shown.tables for row in table.rows for e in row.entries) == 1


def test_four_dimensions_name_both_places():
    array = np.zeros((2, 3, 1, 1))
    shown = tables(array, write=writer(array))
    assert [table.place for table in shown.tables] == ["[0, 0]", "[0, 1]", "[0, 2]"]
    assert shown.left_out == "Shown: slices [0, 0] to [0, 2] of 2 × 3. The rest is left out."


@pytest.mark.parametrize("first", [(0, 0), (59, 79), (30, 40), (3, 77)])
def test_a_large_matrix_is_cut_to_the_part_around_the_first_wrong_cell(first):
    array = np.arange(60 * 80.0).reshape(60, 80)
    wrong = np.zeros(array.shape, dtype=bool)
    wrong[first] = True
    shown = tables(array, write=writer(array), wrong=wrong, first=first)
    (table,) = shown.tables
    assert len(table.rows) == MOST_ROWS
    assert len(table.columns) == MOST_COLUMNS
    marked = [
        (row.label.place, column.place)
        for row in table.rows
        for column, entry in zip(table.columns, row.entries, strict=True)
        if entry.mark == "first" and entry.text == str(int(array[first]))
    ]
    assert marked == [first]
    assert "of 60" in shown.left_out
    assert "of 80" in shown.left_out


def test_wrong_cells_and_labels_of_another_shape_are_passed_over():
    array = np.zeros((2, 2))
    shown = tables(
        array,
        write=writer(array),
        wrong=np.ones((3, 2), dtype=bool),
        first=(2, 1),
        labels=(("a", "b", "c"), ("d", "e")),
    )
    (table,) = shown.tables
    assert all(entry.mark == "" for row in table.rows for entry in row.entries)
    assert table.rows[0].label == Label(0)
    assert table.columns[1] == Label(1, "e")


@pytest.mark.parametrize("shape", [(0,), (0, 4), (3, 0), (2, 0, 2)])
def test_an_empty_array_has_no_tables(shape):
    shown = tables(np.zeros(shape), write=writer(np.zeros(shape)))
    assert shown.tables == ()
    assert "0" in shown.shape


@pytest.mark.parametrize(
    ("array", "written"),
    [
        ([1.0, 0.0, -0.0], ["1", "0", "0"]),
        ([True, False], ["1", "0"]),
        ([0.25, 0.5], ["0.250", "0.500"]),
        ([1234.5, 0.25], ["1234.5", "0.2"]),
        ([-0.00001, 0.5], ["0.000", "0.500"]),
        ([1e-9, 2.5e-9], ["1e−09", "2.5e−09"]),
        ([1.5e9, -2.25], ["1.5e+09", "−2.25"]),
        ([np.inf, -np.inf, np.nan, 0.5], ["∞", "−∞", "nan", "0.500"]),
        ([np.nan], ["nan"]),
        ([1 + 2j], ["1+2j"]),
    ],
)
def test_numbers_line_up(array, written):
    array = np.array(array)
    assert [writer(array)(x) for x in array.tolist()] == written


def test_two_numbers_that_differ_late_are_written_with_more_digits():
    near = np.array([0.5, 0.50003])
    write = writer(near, apart=(0.5, 0.50003))
    assert write(0.5) == "0.50000"
    assert write(0.50003) == "0.50003"
    huge = np.array([123456789.0, 123456999.5])
    write = writer(huge, apart=tuple(huge.tolist()))
    assert write(huge[0]) != write(huge[1])


def shade_of(array, **more):
    return [
        [[entry.shade for entry in row.entries] for row in table.rows]
        for table in tables(array, write=writer(array), **more).tables
    ]


def test_numbers_are_shaded_by_their_size():
    assert shade_of(np.array([[6.0, -3.0], [0.1, np.nan]])) == [[["p6", "n3"], ["", ""]]]
    assert shade_of(np.array([1.0, 2.0]), largest=12.0) == [[["", "p1"]]]


def test_slices_have_one_scale():
    assert shade_of(np.array([[[1.0]], [[6.0]]])) == [[["p1"]], [["p6"]]]


@pytest.mark.parametrize(
    "array", [np.array(2.5), np.array([[7.0]]), np.array([True, False]), np.array(["a", "b"])]
)
def test_what_has_no_size_beside_others_is_not_shaded(array):
    assert {shade for table in shade_of(array) for row in table for shade in row} == {""}

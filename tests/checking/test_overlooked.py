"""What counts in a table beside its cells, and what an author may leave out or ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checking import overlooked
from autograder.checking.compare import compare, held_against
from autograder.course import coursefile
from autograder.data import Column, Table
from autograder.records import Case, Returned
from autograder.tolerance import TABLE_PARTS, TablePart, Tolerance

USUAL = Tolerance(tables=coursefile.TABLES)
FRAME = Table(
    "DataFrame",
    (Column("city", "object", ("Bern", "Genf")), Column("sold", "int64", np.array([4, 7]))),
    (Column("id", "int64", np.array([11, 12])),),
)
SERIES = Table("Series", FRAME.columns[1:], FRAME.index)
SWAPPED = replace(FRAME, columns=FRAME.columns[::-1])
NUMBERED = replace(FRAME, index=())


def named(table: Table, name: Any) -> Table:
    """The table with another name of its row labels."""
    return replace(table, index=tuple(replace(one, name=name) for one in table.index))


def called(table: Table, name: Any) -> Table:
    """The Series with another name."""
    return replace(table, columns=(replace(table.columns[0], name=name),))


def is_right(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether it is right, as grading finds it."""
    case = Case("a case", ())
    outcome = held_against(case, due, Returned(got), tolerance)
    return compare(case, due, outcome, tolerance) is None


@pytest.mark.parametrize(
    ("part", "due", "got"),
    [
        ("names", SERIES, called(SERIES, "total")),
        ("names", SERIES, called(SERIES, None)),
        ("names", SERIES, named(SERIES, None)),
        ("names", FRAME, named(FRAME, "number")),
        ("names", replace(FRAME, index=(Column("n", "int64", np.arange(2)),)), NUMBERED),
        ("names", NUMBERED, replace(FRAME, index=(Column("n", "int64", np.arange(2)),))),
        ("names", replace(SERIES, kind="Index", index=()), called(replace(SERIES, kind="Index", index=()), "x")),
        ("names", [SERIES, {"a": SERIES}], [called(SERIES, "x"), {"a": named(SERIES, "y")}]),
        ("column-order", FRAME, SWAPPED),
        ("row-labels", FRAME, NUMBERED),
        ("row-labels", NUMBERED, FRAME),
        ("row-labels", (SERIES, 1), (replace(SERIES, index=()), 1)),
    ],
)  # fmt: skip
def test_a_part_counts_where_it_is_asked_for_and_nowhere_else(part: TablePart, due: Any, got: Any) -> None:
    others = tuple(one for one in TABLE_PARTS if one != part)
    assert is_right(due, got, Tolerance(tables=others))
    assert not is_right(due, got, Tolerance())
    assert not is_right(due, got, Tolerance(exact=True, tables=others))


def test_by_default_a_name_that_pandas_carries_along_does_not_count() -> None:
    assert is_right(SERIES, named(called(SERIES, "x"), "y"), USUAL)
    assert not is_right(FRAME, SWAPPED, USUAL)
    assert not is_right(FRAME, NUMBERED, USUAL)


@pytest.mark.parametrize(
    ("due", "got"),
    [
        (FRAME, replace(FRAME, columns=(replace(FRAME.columns[0], name="town"), FRAME.columns[1]))),
        (FRAME, replace(FRAME, columns=FRAME.columns[:1])),
        (FRAME, replace(SWAPPED, columns=(*SWAPPED.columns, Column("more", "int64", np.array([1, 2]))))),
        (FRAME, replace(FRAME, columns=(FRAME.columns[0], Column("sold", "int64", np.array([7, 4]))))),
        (SERIES, replace(SERIES, columns=(Column("sold", "int64", np.array([4, 7, 9])),), index=())),
        (SERIES, replace(FRAME, columns=FRAME.columns[1:])),
        (SERIES, [SERIES]),
        ([SERIES], [SERIES, SERIES]),
        ({"a": SERIES}, {"b": SERIES}),
        (FRAME, None),
    ],
)
def test_columns_cells_and_rows_count_always(due: Any, got: Any) -> None:
    assert not is_right(due, got, Tolerance(tables=()))


def test_what_holds_no_table_is_left_alone() -> None:
    value = [1, {"a": 2}]
    assert overlooked.as_asked(value, [1, {"a": 3}], USUAL) is value


def test_two_columns_of_one_name_keep_their_places() -> None:
    twice = replace(FRAME, columns=(FRAME.columns[1], Column("sold", "int64", np.array([1, 2]))))
    loose = Tolerance(tables=())
    assert is_right(twice, twice, loose)
    assert not is_right(twice, replace(twice, columns=twice.columns[::-1]), loose)

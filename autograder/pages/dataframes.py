"""pandas tables as tables to read: names, dtypes and row labels, with what is wrong, missing or extra marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, Final, Literal

import numpy as np

from autograder.data import Column, Table
from autograder.pages.literals import line, printable
from autograder.pages.tables import (
    MOST_COLUMNS,
    MOST_IN_A_CELL,
    MOST_ROWS,
    Entry,
    Label,
    Mark,
    Row,
    Tables,
    legible,
    window,
    writer,
)
from autograder.pages.tables import Table as Grid
from autograder.words import clipped, counted, few, listed

MOST_MISSING: Final = 4  # rows and columns that are missing and are told one by one
_ABSENT: Final = "NaN"  # as pandas writes what a column of text or of its own kinds has not


def size_in_words(table: Table) -> str:
    """What kind of table it is, and how large: "DataFrame, 3 rows × 2 columns"."""
    rows = row_count(table)
    if table.kind == "DataFrame":
        return f"DataFrame, {counted(rows, 'row')} × {counted(len(table.columns), 'column')}"
    return f"{table.kind}, {counted(rows, 'entry', 'entries')}"


def row_count(table: Table) -> int:
    """How many rows a table has."""
    columns = (*table.columns, *table.index)
    return len(columns[0].cells) if columns else 0


def tables_of(
    table: Table,
    other: object,
    wrong: Sequence[tuple[int, ...]],
    side: Literal["got", "expected"],
) -> Tables:
    """One table, cut to the part around the first wrong cell where it is larger than a screen.

    `wrong` are places of cells (column, row) and of whole columns (column,), whose dtype is another than is due;
    `other` is the table beside it, if it is one. Columns and rows that one of them has not are told by their names
    and labels.
    """
    wrong = [place for place in wrong if _is_inside(table, place)]
    facing = other if isinstance(other, Table) and other.kind == table.kind else None
    columns, rows = _names(table), _labels(table)
    marks = _Marks(table, facing, wrong, side)
    first = next((place for place in wrong if len(place) == 2), None)
    across = window(len(columns), MOST_COLUMNS, first[0] if first else marks.first_column)
    down = window(len(rows), MOST_ROWS, first[1] if first else marks.first_row)
    cells = [_texts(table.columns[place], _facing(table, facing, place), down, first) for place in across]
    shown = [
        Row(
            Label(None, rows[row], mark=marks.row(row)),
            (
                *(
                    Entry(texts[row - down.start], marks.cell(column, row, first))
                    for column, texts in zip(across, cells, strict=True)
                ),
                *(Entry("", "missing") for _ in marks.missing_columns[:MOST_MISSING]),
            ),
        )
        for row in down
    ]
    heads = [Label(None, columns[place], table.columns[place].dtype, marks.column(place)) for place in across]
    gone = [Label(None, name, mark="missing") for name in marks.missing_columns[:MOST_MISSING]]
    empty = tuple(Entry("", "missing") for _ in (*heads, *gone))
    shown += [Row(Label(None, label, mark="missing"), empty) for label in marks.missing_rows[:MOST_MISSING]]
    grid = Grid("", (*heads, *gone), tuple(shown), corner=_corner(table))
    left_out = _left_out(len(rows), down, len(columns), across)
    if not shown and heads:
        left_out.append(f"It has no rows. Its columns: {few([head.word for head in heads])}.")
    return Tables(size_in_words(table), (grid,) if shown else (), " ".join([*left_out, *marks.told()]))


def _is_inside(table: Table, place: tuple[Any, ...]) -> bool:
    sizes = len(table.columns), row_count(table)
    return all(type(number) is int and 0 <= number < size for number, size in zip(place, sizes, strict=False))


class _Marks:
    """What is wrong with a table, seen from one side."""

    def __init__(
        self, table: Table, facing: Table | None, wrong: Sequence[tuple[int, ...]], side: str
    ) -> None:
        self._wrong, self._expected = set(wrong), side == "expected"
        names, labels = _names(table), _labels(table)
        due, rows_due = (_names(facing), _labels(facing)) if facing is not None else (names, labels)
        self._extra_columns, gone = _extra(names, due), [due[place] for place in sorted(_extra(due, names))]
        self._extra_rows, rows_gone = _extra(labels, rows_due), _extra(rows_due, labels)
        # On the side of what is due, nothing is missing: there the same is what yours lacks.
        self.missing_columns = [] if self._expected else gone
        self.missing_rows = [] if self._expected else [rows_due[place] for place in sorted(rows_gone)]
        self._moved = {
            place
            for place, (one, other) in enumerate(zip(names, due, strict=False))
            if one != other and not self._extra_columns and not gone
        }
        self._moved_rows = {
            place
            for place, (one, other) in enumerate(zip(labels, rows_due, strict=False))
            if one != other and not self._extra_rows and not rows_gone
        }
        self.first_column = min(self._extra_columns | self._moved, default=0)
        self.first_row = min(self._extra_rows | self._moved_rows, default=0)

    def column(self, place: int) -> Mark:
        return self._mark(place in self._extra_columns, place in self._moved or (place,) in self._wrong)

    def row(self, place: int) -> Mark:
        return self._mark(place in self._extra_rows, place in self._moved_rows)

    def cell(self, column: int, row: int, first: tuple[int, ...] | None) -> Mark:
        if (column, row) in self._wrong:
            return "first" if (column, row) == first else "wrong"
        return "extra" if column in self._extra_columns or row in self._extra_rows else ""

    def told(self) -> list[str]:
        """A sentence for what is missing and not shown."""
        return [
            f"{counted(len(gone) - MOST_MISSING, f'more {noun} is', f'more {noun}s are')} missing."
            for gone, noun in ((self.missing_columns, "column"), (self.missing_rows, "row"))
            if len(gone) > MOST_MISSING
        ]

    def _mark(self, extra: bool, wrong: bool) -> Mark:
        return "extra" if extra else "wrong" if wrong else ""


def _extra(own: Sequence[Hashable], other: Sequence[Hashable]) -> set[int]:
    """The places of names that the other has not, or not as often."""
    left = Counter(other)
    extra = set[int]()
    for place, name in enumerate(own):
        if left[name] > 0:
            left[name] -= 1
        else:
            extra.add(place)
    return extra


def _names(table: Table) -> list[str]:
    return [_name(column.name) for column in table.columns]


def _labels(table: Table) -> list[str]:
    """Row labels, those of several levels put together."""
    if not table.index:
        return [str(place) for place in range(row_count(table))]
    levels = [_texts(column, None, range(len(column.cells)), None) for column in table.index]
    return [" · ".join(parts) for parts in zip(*levels, strict=True)]


def _corner(table: Table) -> str:
    """What the row labels are called."""
    return " · ".join(_name(level.name) for level in table.index if level.name is not None)


def _name(name: object) -> str:
    return "" if name is None else _word(name)


def _word(value: object) -> str:
    return (
        printable(clipped(value, MOST_IN_A_CELL)) if isinstance(value, str) else line(value, MOST_IN_A_CELL)
    )


def _facing(table: Table, facing: Table | None, place: int) -> Column | None:
    """The column beside this one: the same place, as cells are compared by place once the names agree."""
    if facing is None or place >= len(facing.columns):
        return None
    column = facing.columns[place]
    return column if _name(column.name) == _name(table.columns[place].name) else None


def _texts(column: Column, facing: Column | None, rows: range, first: tuple[int, ...] | None) -> list[str]:
    """Some cells of a column, numbers so that they line up with each other and with those beside them."""
    part = column.cells[rows.start : rows.stop]
    if not isinstance(part, np.ndarray):
        return [_ABSENT if cell is None else _word(cell) for cell in part]
    if part.dtype.kind == "b":
        return [str(truth) for truth in part.tolist()]
    if part.dtype.kind in "iu":  # counts and years are read to the last digit
        return [f"{number}".replace("-", "−") for number in part.tolist()]
    own, beside = np.asarray(column.cells), None
    if facing is not None and isinstance(facing.cells, np.ndarray):
        beside = facing.cells
    apart = None
    if beside is not None and first is not None and first[1] < min(len(own), len(beside)):
        apart = own[first[1]].item(), beside[first[1]].item()
    write = writer(
        own, own if beside is None else beside, apart=apart if apart and apart[0] != apart[1] else None
    )
    return [_ABSENT if text in ("nan", "NaT") else text for text in map(write, legible(part).tolist())]


def _left_out(rows: int, down: range, columns: int, across: range) -> list[str]:
    shown = []
    if len(down) < rows:
        shown.append(f"rows {down.start + 1} to {down.stop} of {rows:,}")
    if len(across) < columns:
        shown.append(f"columns {across.start + 1} to {across.stop} of {columns:,}")
    return [f"Shown: {listed(shown)}. The rest is left out."] if shown else []

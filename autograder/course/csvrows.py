"""The rows of one person in a table that holds a whole class: found, taken out and renamed, all else as it stood."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.decoding import UndecodedError, decoded

# The columns by which our own tables and those of LMSs say who somebody is, as `letters` gives them.
COLUMNS: Final = frozenset((
    "id", "student", "studentid", "lmsuserid", "lmsloginid", "moodleid", "email", "emailaddress", "idnumber",
    "identifier", "sisuserid", "sisloginid", "sid", "username", "login",
))  # fmt: skip
_BETWEEN: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Row:
    """One row, and the lines of the file that it takes up."""

    start: int
    end: int
    cells: Mapping[str, str]  # by the column's name


@dataclass(frozen=True)
class Table:
    """A file in which rows are looked for."""

    lines: tuple[str, ...]  # with their ends
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sign: str  # between columns
    mark: bool  # whether it begins with a byte-order mark

    def column(self, name: str) -> str:
        """How the file writes the name of a column; the name itself where it has none."""
        return next((title for title in self.header if letters(title) == letters(name)), name)

    def of(self, names: frozenset[str]) -> list[Row]:
        """The rows that one of these names says whose they are."""
        return [row for row in self.rows if names & set(_who(row))]

    def without(self, rows: Collection[Row]) -> bytes:
        """The file without these rows."""
        gone = {line for row in rows for line in range(row.start, row.end)}
        return self._bytes(line for number, line in enumerate(self.lines) if number not in gone)

    def renamed(self, row: Row, column: str, value: str) -> bytes:
        """The file with another value in one cell."""
        cells = [value if name == column else row.cells[name] for name in self.header]
        last = self.lines[row.end - 1]
        written = io.StringIO()
        csv.writer(written, delimiter=self.sign, lineterminator=last[len(last.rstrip("\r\n")) :]).writerow(
            cells
        )
        return self._bytes((*self.lines[: row.start], written.getvalue(), *self.lines[row.end :]))

    def _bytes(self, lines: Iterator[str] | tuple[str, ...]) -> bytes:
        text = "".join(lines)
        return (("\ufeff" if self.mark else "") + text).encode("utf-8", "surrogateescape")


def letters(title: str) -> str:
    """A column's name by its letters and figures: in what case, and with what between its words, does not count."""
    return _BETWEEN.sub("", title.casefold())


def names(values: Collection[str]) -> frozenset[str]:
    """What a cell is held against, of what is known of a person."""
    return frozenset(value.strip().casefold() for value in values if value.strip())


def read(path: Path) -> Table | None:
    """The table at `path`; None where there is none, or it cannot be read as one."""
    try:
        raw = path.read_bytes()
        text = decoded(raw)
    except (OSError, UndecodedError):
        return None
    lines = tuple(io.StringIO(text, newline=""))
    first = 1 if lines and lines[0].strip().strip('"').startswith("sep=") else 0  # a line of Excel's own
    sign = max(",;\t", key=lines[first].count) if len(lines) > first else ","
    reader = csv.reader(lines[first:], delimiter=sign)
    header: tuple[str, ...] = ()
    rows, start = [], first
    try:
        for cells in reader:
            end = first + reader.line_num
            if not header:
                header = tuple(cell.strip() for cell in cells)
            elif len(cells) == len(header):
                rows.append(Row(start, end, dict(zip(header, cells, strict=True))))
            start = end
    except csv.Error:
        return None
    return Table(lines, header, tuple(rows), sign, not raw.startswith(text[:1].encode()))


def _who(row: Row) -> Iterator[str]:
    for column, value in row.cells.items():
        if letters(column) in COLUMNS:
            yield (
                value.strip().removeprefix("'").casefold()
            )  # which keeps a spreadsheet from taking it for a formula

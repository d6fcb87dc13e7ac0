"""Tables as CSV that spreadsheets open: in UTF-8, and no text of which is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from autograder.words import in_full

# A number stands as it is, None as an empty cell.
Cell: TypeAlias = str | float | None

# What makes a spreadsheet take a cell for a formula; the wide signs do where it speaks Chinese or Japanese.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV; a text that begins like a formula gets a `'` before it, as OWASP advises."""
    text = io.StringIO()
    csv.writer(text).writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else in_full(cell)

"""The rows of a gradebook of nbgrader's, so that two can be held against each other."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.gradebook import schema


def rows(out: Path) -> dict[str, list[str]]:
    """All rows of nbgrader's tables as SQLite has them; keys, which are random, by what they are keys of."""
    with closing(sqlite3.connect(out / "gradebook.db")) as book:
        book.row_factory = sqlite3.Row
        tables = {
            table.name: [dict(row) for row in book.execute(f"SELECT * FROM {table.name}")]
            for table in schema.NBGRADERS
        }
    called: dict[str, str] = {}
    # A key is told by its row without keys, then by what its keys are told by: three rounds reach the marks.
    for _ in range(3):
        called = {
            row["id"]: f"{name}: {_said(row, called)}"
            for name, rows in tables.items()
            if not name.endswith("_cells")
            for row in rows
        }
    return {name: sorted(_said(row, called) for row in rows) for name, rows in tables.items()}


def _said(row: Mapping[str, Any], called: Mapping[str, str]) -> str:
    plain = {
        name: called.get(value, "") if re.fullmatch("[0-9a-f]{32}", str(value)) else value
        for name, value in row.items()
    }
    return repr(sorted(plain.items()))

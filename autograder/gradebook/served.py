"""A server's gradebook copied to a file, as nbgrader would have it there, and filled from one again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.gradebook import database

if TYPE_CHECKING:
    from sqlalchemy import Connection


def copy(gradebook: Path, to: Path) -> None:
    """Copies the gradebook at this place, which a server has, to a new file; AutograderError where it cannot be read."""
    to.unlink(missing_ok=True)
    database.lay_out_file(to)
    with database.transaction(gradebook, write=False) as old, database.engine_of_file(to).begin() as new:
        _pour(old, new)


def fill(gradebook: Path, copy: Path) -> None:
    """Puts what is in a copy in the place of all that the server has; AutograderError where it cannot be written."""
    from autograder.gradebook import schema

    with database.engine_of_file(copy).connect() as old, database.transaction(gradebook) as new:
        schema.make_ours(new)
        for table in reversed(schema.ALL):
            new.execute(table.delete())
        _pour(old, new)


def _pour(old: Connection, new: Connection) -> None:
    """All rows of one database into the tables of another, in which there are none."""
    from sqlalchemy import inspect, select

    from autograder.gradebook import schema

    schema.make_ours(new)
    there = set(inspect(old).get_table_names())
    for table in schema.ALL:
        if table.name in there:
            in_order = schema.row_order(old) if table is schema.source_cell else next(iter(table.primary_key))
            rows = [dict(row) for row in old.execute(select(table).order_by(in_order)).mappings()]
            database.insert(new, table, rows)

"""The gradebook looked at as it is, in SQL that SQLite and PostgreSQL read alike.

A file is opened without nbgrader and SQLAlchemy, which take a while to import; a server's database by SQLAlchemy.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from autograder.errors import CourseError
from autograder.gradebook import address

if TYPE_CHECKING:
    from sqlalchemy import Connection

PATIENCE = 20.0  # seconds to wait for another program to let go of a gradebook
EPOCH: Final = datetime(1970, 1, 1)  # from which SQLite's file counts a length of time
_HEAD: Final = 100  # bytes with which a database begins, and where in them its changes are counted
_COUNTER: Final = slice(24, 28)
_MOST_NAMED: Final = 500
_GLANCE: Final = 5.0  # seconds at most where it is only looked at, and can be another time


class UnseenError(Exception):
    """A gradebook that is not there, is none, or cannot be read now."""


class Book:
    """A gradebook that is open."""

    def __init__(self, connection: sqlite3.Connection | Connection) -> None:
        self._connection = connection

    def all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, in which `?` stands for each of the values."""
        if isinstance(self._connection, sqlite3.Connection):
            return self._connection.execute(query, values).fetchall()
        return [tuple(row) for row in self._served(query, values)]

    def one(self, query: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row of a query; None where there is none."""
        return next(iter(self.all(query, values)), None)

    def named(self, query: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query by the names of their columns."""
        if not isinstance(self._connection, sqlite3.Connection):
            return [dict(row) for row in self._served(query, values).mappings()]
        found = self._connection.execute(query, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def change(self, statement: str, values: Sequence[object] = ()) -> None:
        """Does what a statement says."""
        if isinstance(self._connection, sqlite3.Connection):
            self._connection.execute(statement, values)
        else:
            self._served(statement, values)

    def tables(self) -> frozenset[str]:
        """The names of the tables."""
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if isinstance(self._connection, sqlite3.Connection)
            else "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        return frozenset(name for (name,) in self.all(query))

    def _served(self, query: str, values: Sequence[object]) -> Any:
        from sqlalchemy import text

        first, *rest = query.split("?")
        numbered = first + "".join(f":v{number}{part}" for number, part in enumerate(rest))
        bound = {f"v{number}": value for number, value in enumerate(values)}
        return cast("Connection", self._connection).execute(text(numbered), bound)


@contextmanager
def at(gradebook: Path, *, patience: float = _GLANCE) -> Iterator[Book]:
    """The gradebook at this place, to read alone.

    UnseenError where there is no database, another program holds it for long, or a query cannot be answered.
    """
    try:
        server = address.of(gradebook)
    except CourseError as error:  # which is told where the gradebook is written
        raise UnseenError(str(error)) from None
    if server is not None:
        with _served(server) as book:
            yield book
        return
    file = f"{gradebook.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(file, uri=True, timeout=min(patience, PATIENCE))) as connection:
            yield Book(connection)
    except sqlite3.Error as error:
        raise UnseenError(str(error)) from None


@contextmanager
def _served(server: str) -> Iterator[Book]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with address.engine(server).connect() as connection:
            yield Book(connection)
    except (SQLAlchemyError, CourseError) as error:
        raise UnseenError(str(getattr(error, "orig", None) or error)) from None


def among(column: str, values: Sequence[str] | None) -> tuple[str, Sequence[str]]:
    """The condition that a column holds one of the values, to be added to others, and what it needs; none for None.

    Nor for more values than one query takes well: then who asks looks at all rows.
    """
    if values is None or len(values) > _MOST_NAMED:
        return "", ()
    return f" AND {column} IN ({', '.join('?' * len(values)) or 'NULL'})", values


def moment(value: datetime | str | None) -> datetime | None:
    """A time as a query gives it: SQLite has it as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def length(value: timedelta | str | None) -> timedelta | None:
    """A length of time as a query gives it: SQLite has it as text, of a time since 1970."""
    return datetime.fromisoformat(value) - EPOCH if isinstance(value, str) else value


def is_one(before: int | None, after: int | None) -> bool:
    """Whether at most one transaction lies between two counts: who has made one has made all there is."""
    return before is not None and after is not None and after - before <= 1


def counter(gradebook: Path) -> int | None:
    """How often the gradebook was changed, as SQLite counts in its file; 0 where there is none, None where it does not say."""
    try:
        if address.of(gradebook) is not None:
            return None
        with open(gradebook, "rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        return 0
    except (OSError, CourseError):
        return None
    unfinished = (gradebook.with_name(gradebook.name + ending) for ending in ("-journal", "-wal"))
    if len(head) < _HEAD or any(map(os.path.lexists, unfinished)):
        return None
    return int.from_bytes(head[_COUNTER], "big")

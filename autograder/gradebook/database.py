"""nbgrader's database, opened so that all is written or nothing, and every failure is one line.

What is made and written goes through SQLAlchemy Core (`schema`): nbgrader itself takes two seconds to import.
"""

from __future__ import annotations

import functools
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import address, copies, looking
from autograder.gradebook.looking import UnseenError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

FILE_NAME = "gradebook.db"
LAYOUT: Final = "e43177bfe90b"  # of nbgrader's tables, by its migrations' name for it, as `schema` has them
_MIGRATION: Final = re.compile(r"""^(revision|down_revision)\b[^=\n]*= *['"](\w+)['"]""", re.MULTILINE)
_CHUNK = 500  # ids in one query


@contextmanager
def transaction(path: Path, *, write: bool = True) -> Iterator[Connection]:
    """A connection in whose one transaction all is written or nothing; other programs' locks are waited for, then named.

    The gradebook is the file at `path`, or the server's database that stands for it (`address`).
    """
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    engine = _engine(path)
    try:
        copies.refuse_gone(path)
        if not _version(path):
            if not write:
                raise CourseError(f"{path}: no gradebook yet: run `autograder grade` first")
            _create(path)
        connection = engine.connect()
    except (UnseenError, sqlite3.Error, DatabaseError, OSError) as error:
        raise _unusable(path, error) from None
    with connection:  # which rolls back what is not committed
        try:
            if connection.dialect.name == "sqlite":
                connection.execute(text("BEGIN IMMEDIATE" if write else "BEGIN"))
            else:
                connection.execute(text(f"SET LOCAL lock_timeout = '{looking.PATIENCE}s'"))
            yield connection
            connection.commit()
        except DatabaseError as error:
            raise _unusable(path, error) from None


def _engine(path: Path) -> Engine:
    server = address.of(path)
    return engine_of_file(path) if server is None else address.engine(server)


def engine_of_file(path: Path) -> Engine:
    """The way to a file of SQLite."""
    return _engine_of_file(str(path), looking.PATIENCE)


@functools.lru_cache(maxsize=8)
def _engine_of_file(path: str, patience: float) -> Engine:
    """The same for all transactions: it keeps no connection, and of what was asked its wording in SQL alone."""
    from sqlalchemy import URL, NullPool, create_engine

    given = {"timeout": patience}
    return create_engine(URL.create("sqlite", database=path), connect_args=given, poolclass=NullPool)


def _version(path: Path) -> str | None:
    """nbgrader's version of the database's layout; None where there is no database, AutograderError for another."""
    if not address.exists(path):
        return None
    with looking.at(path, patience=looking.PATIENCE) as book:
        tables = book.tables()
        if not tables and address.of(path) is not None:
            return None
        found = book.one("SELECT version_num FROM alembic_version") if "alembic_version" in tables else None
    version = str(found[0]) if found else None
    if version != LAYOUT:
        raise _laid_out_otherwise(path, version)
    return version


def _laid_out_otherwise(path: Path, version: str | None) -> AutograderError:
    """What to do about a database that is not as `schema` has it."""
    installed = _newest_version()
    if installed != LAYOUT and version in (installed, None):
        return AutograderError(
            f"{path}: the installed nbgrader lays its gradebook out in a way ({installed}) that this version of the kit "
            "does not know: update the kit, or install an nbgrader that was there before it"
        )
    return AutograderError(
        f"{path}: laid out by another version of nbgrader ({version or 'before 0.6'}) than the one installed: "
        "run `nbgrader db upgrade` in its folder, which keeps a copy"
    )


def _newest_version() -> str:
    """The layout that the installed nbgrader writes: that of its one migration after which no other comes.

    Read off their text: alembic runs them, and one imports nbgrader.
    """
    import importlib.util

    found = importlib.util.find_spec("nbgrader")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")
    migrations = Path(found.origin).parent.glob("alembic/versions/*.py")
    said = [_MIGRATION.findall(path.read_text("utf-8")) for path in migrations]
    names = {name for pairs in said for what, name in pairs if what == "revision"}
    return " or ".join(sorted(names - {name for pairs in said for what, name in pairs if what != "revision"}))


def _create(path: Path) -> None:
    """An empty gradebook at `path`, whole or not at all."""
    if _newest_version() != LAYOUT:
        raise _laid_out_otherwise(path, None)
    server = address.of(path)
    if server is not None:
        _lay_out(address.engine(server))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        lay_out_file(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)  # on a full disk it must not take up room as well


def lay_out_file(path: Path) -> None:
    """Makes nbgrader's tables in a new file."""
    _lay_out(engine_of_file(path))


def _lay_out(engine: Engine) -> None:
    """Makes nbgrader's tables."""
    from sqlalchemy import text

    from autograder.gradebook import schema

    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":  # which else brings each table to the disk by itself
                connection.execute(text("BEGIN IMMEDIATE"))
            schema.make_nbgraders(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": LAYOUT})
    finally:
        engine.dispose()


def _unusable(path: Path, error: Exception) -> AutograderError:
    """What is wrong with the database, in a line."""
    reason = str(getattr(error, "orig", None) or error).strip()
    if "locked" in reason or "lock timeout" in reason:
        advice = "locked by another program: close formgrader or whatever else uses it, and run this again"
    elif "could not serialize" in reason or "deadlock" in reason:
        advice = "changed by another program at the same time: run this again"
    elif address.of(path) is not None:
        advice = f"{reason.splitlines()[0] if reason else type(error).__name__}: see to the server, and run this again"
    elif any(sign in reason for sign in ("readonly", "unable to open", "I/O", "full")) or isinstance(
        error, OSError
    ):
        advice = f"cannot be written ({reason}): see to the permissions of the file and its folder, and to the disk"
    elif "not a database" in reason or "malformed" in reason:
        advice = f"damaged ({reason}): `autograder restore` puts back a copy from {copies.FOLDER}/"
    else:
        advice = reason
    return AutograderError(
        f"{address.shown(path)}: {advice}; nothing was written to it, the results are kept"
    )


def select(
    connection: Connection, key: Any, columns: tuple[Any, ...], values: Sequence[str], *where: Any
) -> set[tuple[Any, ...]]:
    """The rows of these columns whose key is among the values."""
    import sqlalchemy

    query = sqlalchemy.select(*columns).where(*where)
    return {row for part in parts(values) for row in rows(connection, query.where(key.in_(part)))}


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in parts that one query can hold."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def rows(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return [tuple(row) for row in connection.execute(query)]


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """New rows in a table, in the connection's transaction."""
    if rows:
        connection.execute(table.insert(), list(rows))


def update(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Other values in the columns that the rows name, which are the same in all, by their `id`."""
    from sqlalchemy import bindparam

    if rows:
        fields = [name for name in rows[0] if name != "id"]
        statement = (
            table.update()
            .where(table.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in fields})
        )
        changes = [{"key": row["id"], **{f"new_{name}": row[name] for name in fields}} for row in rows]
        connection.execute(statement, changes)


def replace(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows in a table of our own, in place of those that are there with the same key."""
    if rows:
        if connection.dialect.name == "postgresql":  # which brings drivers with it
            from sqlalchemy.dialects.postgresql import insert
        else:
            from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
        (key,) = table.primary_key.columns
        new = insert(table)
        others = {column.name: new.excluded[column.name] for column in table.columns if column is not key}
        connection.execute(new.on_conflict_do_update(index_elements=[key], set_=others), list(rows))

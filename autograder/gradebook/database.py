"""nbgrader's database, opened so that all is written or nothing, and every failure is one line.

nbgrader takes two seconds to import and is imported inside the functions that need it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import copies, looking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILE_NAME = "gradebook.db"
EPOCH: Final = datetime(1970, 1, 1)  # from which the database counts a length of time
_CHUNK = 500  # ids in one query


@contextmanager
def session(path: Path, *, write: bool = True) -> Iterator[Session]:
    """A session in which all is written or nothing; other programs' locks are waited for, then named."""
    from nbgrader.api import Gradebook
    from sqlalchemy import URL, text
    from sqlalchemy.exc import DatabaseError

    try:
        copies.refuse_gone(path)
        if not _version(path):
            if not write:
                raise CourseError(f"{path}: no gradebook yet: run `autograder grade` first")
            _create(path)
        gradebook = Gradebook(
            URL.create("sqlite", database=str(path), query={"timeout": str(looking.PATIENCE)}), ""
        )
    except (sqlite3.Error, DatabaseError, OSError) as error:
        raise _unusable(path, error) from None
    try:
        gradebook.db.execute(text("BEGIN IMMEDIATE" if write else "BEGIN"))
        yield gradebook.db
        gradebook.db.commit()
    except DatabaseError as error:
        gradebook.db.rollback()
        raise _unusable(path, error) from None
    except BaseException:
        gradebook.db.rollback()
        raise
    finally:
        gradebook.close()


def _version(path: Path) -> str | None:
    """nbgrader's version of the database's layout; None where there is no database, AutograderError for another."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with looking.at(path, patience=looking.PATIENCE) as connection:
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        found = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if "alembic_version" in tables
            else None
        )
    version = found[0] if found else None
    if version != _newest_version():
        raise AutograderError(
            f"{path}: laid out by another version of nbgrader ({version or 'before 0.6'}) than the one installed: "
            "run `nbgrader db upgrade` in its folder, which keeps a copy"
        )
    return str(version)


def _newest_version() -> str:
    """The layout that the installed nbgrader writes; it asks a subprocess, which needs alembic on the PATH."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


def _create(path: Path) -> None:
    """An empty gradebook at `path`, whole or not at all."""
    from nbgrader.api import Base
    from sqlalchemy import URL, create_engine, text

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    engine = create_engine(URL.create("sqlite", database=str(temporary)))
    try:
        Base.metadata.create_all(bind=engine)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:version)"), {"version": _newest_version()}
            )
        os.replace(temporary, path)
    finally:
        engine.dispose()
        temporary.unlink(missing_ok=True)  # on a full disk it must not take up room as well


def _unusable(path: Path, error: Exception) -> AutograderError:
    """What is wrong with the database, in a line."""
    reason = str(getattr(error, "orig", None) or error)
    if "locked" in reason:
        advice = "locked by another program: close formgrader or whatever else uses it, and run this again"
    elif any(sign in reason for sign in ("readonly", "unable to open", "I/O", "full")) or isinstance(
        error, OSError
    ):
        advice = f"cannot be written ({reason}): see to the permissions of the file and its folder, and to the disk"
    elif "not a database" in reason or "malformed" in reason:
        advice = f"damaged ({reason}): `autograder restore` puts back a copy from {copies.FOLDER}/"
    else:
        advice = reason
    return AutograderError(f"{path}: {advice}; nothing was written to it, the results are kept")


def select(
    session: Session, key: Any, columns: tuple[Any, ...], values: Sequence[str], *where: Any
) -> set[tuple[Any, ...]]:
    """The rows of these columns whose key is among the values."""
    import sqlalchemy

    query = sqlalchemy.select(*columns).where(*where)
    return {row for part in parts(values) for row in rows(session, query.where(key.in_(part)))}


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in parts that one query can hold."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def rows(session: Session, query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return [tuple(row) for row in session.execute(query)]


def bulk(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """One statement for many rows, in the session's transaction."""
    if rows:
        session.execute(statement, list(rows))

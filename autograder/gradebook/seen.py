"""What was handed in when each of nbgrader's submitted notebooks was last written here.

A table of our own beside nbgrader's, which nbgrader passes over: so it is written, backed up and put back together with
the marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from autograder.gradebook import database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TABLE: Final = "autograder_submission"
_AGAIN: Final = "again "  # before the digest of what has to be written again, though it is the same


def read(session: Session, notebooks: Sequence[str]) -> dict[str, str]:
    """The digests of what was handed in, by the keys of the submitted notebooks."""
    from sqlalchemy import column, table

    _make(session)
    seen = table(TABLE, column("notebook_id"), column("digest"))
    rows = database.select(session, seen.c.notebook_id, (seen.c.notebook_id, seen.c.digest), notebooks)
    return {notebook: digest.removeprefix(_AGAIN) for notebook, digest in rows}


def handed_in(session: Session) -> frozenset[str]:
    """The keys of all submitted notebooks that were written here: an extension gives one also to who is absent."""
    from sqlalchemy import text

    tables = database.rows(session, text(f"SELECT 1 FROM sqlite_master WHERE name = '{TABLE}'"))
    rows = database.rows(session, text(f"SELECT notebook_id FROM {TABLE}")) if tables else []
    return frozenset(notebook for (notebook,) in rows)


def write(session: Session, digests: Mapping[str, str]) -> None:
    """Keeps the digests of what was handed in, by the keys of the submitted notebooks."""
    from sqlalchemy import text

    statement = text(f"INSERT OR REPLACE INTO {TABLE} VALUES (:notebook, :digest)")
    database.bulk(session, statement, [{"notebook": id, "digest": digest} for id, digest in digests.items()])


def forget(session: Session, notebooks: Sequence[str]) -> None:
    """Lets these differ from every result, so that they are written again."""
    write(session, {id: f"{_AGAIN}{digest}" for id, digest in read(session, notebooks).items()})


def _make(session: Session) -> None:
    from sqlalchemy import text

    session.execute(
        text(f"CREATE TABLE IF NOT EXISTS {TABLE} (notebook_id VARCHAR(32) PRIMARY KEY, digest TEXT)")
    )

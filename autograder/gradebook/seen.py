"""What was handed in when each of nbgrader's submitted notebooks was last written here.

A table of our own beside nbgrader's, which nbgrader passes over: so it is written, backed up and put back together with
the marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from autograder.gradebook import database

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLE: Final = "autograder_submission"  # as `schema` has it
_AGAIN: Final = "again "  # before the digest of what has to be written again, though it is the same


def read(connection: Connection, notebooks: Sequence[str]) -> dict[str, str]:
    """The digests of what was handed in, by the keys of the submitted notebooks."""
    from autograder.gradebook.schema import seen

    rows = database.select(connection, seen.c.notebook_id, (seen.c.notebook_id, seen.c.digest), notebooks)
    return {notebook: digest.removeprefix(_AGAIN) for notebook, digest in rows}


def handed_in(connection: Connection, notebooks: Sequence[str]) -> frozenset[str]:
    """The keys of those submitted notebooks that were written here: an extension gives one also to who is absent."""
    from sqlalchemy import inspect

    return frozenset(read(connection, notebooks)) if inspect(connection).has_table(TABLE) else frozenset()


def write(connection: Connection, digests: Mapping[str, str]) -> None:
    """Keeps the digests of what was handed in, by the keys of the submitted notebooks."""
    from autograder.gradebook.schema import seen

    rows = [{"notebook_id": id, "digest": digest} for id, digest in digests.items()]
    database.replace(connection, seen, rows)


def forget(connection: Connection, notebooks: Sequence[str]) -> None:
    """Lets these differ from every result, so that they are written again."""
    write(connection, {id: f"{_AGAIN}{digest}" for id, digest in read(connection, notebooks).items()})

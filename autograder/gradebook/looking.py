"""The gradebook looked at as it is, without nbgrader, which takes two seconds to import."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

PATIENCE = 20.0  # seconds to wait for another program to let go of a gradebook
_HEAD: Final = 100  # bytes with which a database begins, and where in them its changes are counted
_COUNTER: Final = slice(24, 28)
_GLANCE: Final = 5.0  # seconds at most where it is only looked at, and can be another time


@contextmanager
def at(gradebook: Path, *, patience: float = _GLANCE) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; sqlite3.Error where there is no database, or another program holds it for long."""
    address = f"{gradebook.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=min(patience, PATIENCE))) as book:
        yield book


def counter(gradebook: Path) -> int | None:
    """How often the gradebook was changed, as SQLite counts in its file; 0 where there is none, None where it does not say."""
    try:
        with open(gradebook, "rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        return 0
    except OSError:
        return None
    unfinished = (gradebook.with_name(gradebook.name + ending) for ending in ("-journal", "-wal"))
    if len(head) < _HEAD or any(map(os.path.lexists, unfinished)):
        return None
    return int.from_bytes(head[_COUNTER], "big")

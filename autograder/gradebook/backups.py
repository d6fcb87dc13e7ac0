"""Copies of the gradebook, made before it changes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import AutograderError
from autograder.gradebook.database import BACKUPS, FILE_NAME, PATIENCE


def backup(out: Path, keep: int = 10, *, patience: float = PATIENCE) -> Path | None:
    """Copies `out/gradebook.db` to `out/gradebook-backups/`, where the newest `keep` copies stay.

    Returns the copy, the last one where nothing has changed since, and None where there is no gradebook or `keep`
    is 0. Other programs may use the gradebook meanwhile. AutograderError where it cannot be read or copied, or is
    locked for more than `patience` seconds.
    """
    source, folder = out / FILE_NAME, out / BACKUPS
    if keep < 1 or not source.exists():
        return None
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    temporary = folder / f".{now}.tmp"
    try:
        folder.mkdir(exist_ok=True)
        with (
            closing(sqlite3.connect(source, timeout=patience, isolation_level=None)) as old,
            closing(sqlite3.connect(temporary)) as new,
        ):
            old.execute("BEGIN")
            old.execute("SELECT 1 FROM sqlite_master").fetchone()  # `backup` waits for ever, this for so long
            old.backup(new)
        copies = sorted(folder.glob("gradebook-*.db"))
        if copies and copies[-1].read_bytes() == temporary.read_bytes():
            temporary.unlink()
            return copies[-1]
        copy = folder / f"gradebook-{now}.db"
        os.replace(temporary, copy)
        for old_copy in copies[: max(0, len(copies) + 1 - keep)]:
            old_copy.unlink()
    except (sqlite3.Error, OSError) as error:
        temporary.unlink(missing_ok=True)
        raise AutograderError(
            f"{source}: no backup could be made in {folder} ({error}): nothing was changed"
        ) from None
    return copy

"""Copies of the gradebook, made before it changes, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import address, copies, handwork, looking, served
from autograder.gradebook.copies import Copy
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.handwork import Item

_OF_SQLITE = ("-journal", "-wal", "-shm")  # beside a database: what a killed program had not finished


def backup(out: Path, keep: int = 10) -> Path | None:
    """Copies `out/gradebook.db` to `out/gradebook-backups/`, where the newest `keep` copies stay.

    An older one stays too as long as it alone holds something that a person gave. Returns the copy, the last one
    where nothing has changed since, and None where there is no gradebook or `keep` is 0. Other programs may use the
    gradebook meanwhile. AutograderError where it cannot be read or copied, or another program does
    not let go of it in time.
    """
    source, folder = out / FILE_NAME, out / copies.FOLDER
    if keep < 1 or not address.exists(source):
        return None
    now = copies.name(datetime.now(UTC))
    temporary = folder / f".{now}.tmp"
    try:
        folder.mkdir(exist_ok=True)
        if address.of(source) is not None:
            served.copy(source, temporary)
        else:
            _copy(source, temporary)
        earlier = copies.every(source)
        if earlier and earlier[-1].read_bytes() == temporary.read_bytes():
            temporary.unlink()
            return earlier[-1]
        copy = folder / now
        os.replace(temporary, copy)
        for place in range(len(earlier) + 1 - keep):
            if not _alone_holds([*earlier, copy][place:]):
                earlier[place].unlink()
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):  # not even a folder may be there
            temporary.unlink(missing_ok=True)
        raise AutograderError(
            f"{source}: no backup could be made in {folder} ({error}): nothing was changed"
        ) from None
    return copy


def _copy(source: Path, to: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=looking.PATIENCE, isolation_level=None)) as old,
        closing(sqlite3.connect(to)) as new,
    ):
        old.execute("BEGIN")
        old.execute("SELECT 1 FROM sqlite_master").fetchone()  # `backup` waits for ever, this for so long
        old.backup(new)


def _alone_holds(old_and_newer: Sequence[Path]) -> bool:
    """Whether the first of these copies holds something that a person gave and none of the newer ones has."""
    old, *newer = old_and_newer
    held = set(handwork.read(old) or ())
    while held and newer:  # the newest first: mostly it has all
        held -= set(handwork.read(newer.pop()) or ())
    return bool(held)


def is_behind(out: Path) -> bool:
    """Whether a person has given something in `out/gradebook.db` since its newest copy was made."""
    gradebook = out / FILE_NAME
    earlier = copies.every(gradebook)
    is_file = address.of(gradebook) is None and gradebook.exists()
    # Not where the times are the same: on some disks they are whole seconds.
    if earlier and is_file and gradebook.stat().st_mtime_ns < earlier[-1].stat().st_mtime_ns:
        return False
    given = handwork.read(gradebook)
    return bool(given) and (not earlier or given != handwork.read(earlier[-1]))


@dataclass(frozen=True)
class Restored:
    """What was put back, and what it took the place of."""

    copy: Copy
    replaced: Path | None  # the gradebook as it was, kept; None where there was none
    lacking: tuple[Item, ...]  # what people gave in that one, and not in the copy


def chosen(out: Path, name: str | None) -> Copy:
    """The copy of this name, by default the newest in which a person gave anything; CourseError where there is none."""
    gradebook = out / FILE_NAME
    copy = copies.best(gradebook)
    if copy is None:
        raise CourseError(
            f"{out / copies.FOLDER}: no copy of the gradebook is there, so none can be put back"
        )
    if name is None:
        return copy
    for path in copies.every(gradebook):
        if Path(name).name == path.name:
            return Copy(path, handwork.read(path) or {})
    raise CourseError(
        f"no copy {name!r} in {out / copies.FOLDER}: `autograder restore --dry-run` lists those that are there"
    )


def foreseen(out: Path, copy: Copy) -> tuple[Item, ...]:
    """What people gave in the gradebook as it is now that putting this copy back would take out of it."""
    return tuple(item for item in handwork.read(out / FILE_NAME) or () if item not in copy.given)


def restore(out: Path, copy: Copy) -> Restored:
    """Puts a copy in the place of `out/gradebook.db`, which is kept among the copies, damaged as it may be.

    AutograderError where the copy is damaged, another program uses the gradebook, or it cannot be written: then the
    gradebook is as it was.
    """
    gradebook = out / FILE_NAME
    _refuse_damaged(copy.path)
    lacking = foreseen(out, copy)
    if address.of(gradebook) is not None:
        replaced = backup(out, keep=len(copies.every(gradebook)) + 1)
        served.fill(gradebook, copy.path)
        return Restored(copy, replaced, lacking)
    rough = gradebook.with_name(f".{FILE_NAME}.restored")
    try:
        shutil.copyfile(copy.path, rough)
        with open(rough, "rb+") as file:
            os.fsync(file.fileno())
        replaced = _set_aside(gradebook, copy.path.parent)
        os.replace(rough, gradebook)
    except OSError as error:
        raise AutograderError(
            f"{error.filename or gradebook}: cannot be written ({error.strerror}): nothing was put back"
        ) from None
    finally:
        rough.unlink(missing_ok=True)
    return Restored(copy, replaced, lacking)


def _refuse_damaged(copy: Path) -> None:
    try:
        with looking.at(copy) as book:
            trouble = str(next(word for (word,) in book.all("PRAGMA quick_check(1)")))
            if trouble == "ok" and book.all("SELECT COUNT(*) FROM submitted_assignment"):
                return
    except looking.UnseenError as error:
        trouble = str(error)
    raise AutograderError(
        f"{copy}: it cannot be put back ({trouble}): name another of the copies that `autograder restore --dry-run` lists"
    )


def _set_aside(gradebook: Path, folder: Path) -> Path | None:
    """Keeps the gradebook as it is in the folder of the copies, with what SQLite has beside it; None where there is none."""
    kept = None
    if gradebook.exists() and gradebook.stat().st_size:
        kept = _copied(gradebook) or _moved(gradebook, folder)
    for ending in _OF_SQLITE:  # which it would take for a part of the one that is put back
        rest = gradebook.with_name(gradebook.name + ending)
        if os.path.lexists(rest):
            _moved(rest, folder)
    return kept


def _copied(gradebook: Path) -> Path | None:
    """A copy of a gradebook that nobody is using; None where it is damaged."""
    try:
        with closing(sqlite3.connect(gradebook, timeout=looking.PATIENCE, isolation_level=None)) as book:
            book.execute("BEGIN EXCLUSIVE")
            book.execute("ROLLBACK")
        return backup(gradebook.parent, keep=len(copies.every(gradebook)) + 1)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise AutograderError(
                f"{gradebook}: used by another program: close formgrader and whatever else has it open, and run this again"
            ) from None
    except (sqlite3.DatabaseError, AutograderError):
        pass
    return None


def _moved(file: Path, folder: Path) -> Path:
    aside = folder / f"damaged-{datetime.now(UTC):%Y-%m-%dT%H%M%S.%fZ}-{file.name}"
    os.replace(file, aside)
    return aside

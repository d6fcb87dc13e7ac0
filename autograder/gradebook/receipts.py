"""nbgrader's receipts: when a submission was handed in, and the secret by which its feedback is released."""

from __future__ import annotations

import os
import stat
import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Final

from autograder.gradebook import files
from autograder.gradebook.safe_text import plain
from autograder.words import clipped

TIMESTAMP = "timestamp.txt"
RECEIPTS = (TIMESTAMP, "submission_secret.txt")  # nbgrader's, wanted beside notebooks and feedback
_RECEIPT_BYTES = 4096  # theirs are below 200


def copy(source: Path, folder: Path) -> None:
    """Copies nbgrader's timestamp and secret from `source` to `folder`, and drops those that `source` lacks."""
    for name in RECEIPTS:
        receipt = read(source / name)
        if receipt is None:
            (folder / name).unlink(missing_ok=True)
        else:
            files.replace(folder / name, receipt)


def read(path: Path) -> bytes | None:
    """The bytes of a receipt; None where it is missing, a link, or far too large to be one."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _RECEIPT_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def timestamp(folder: Path | None) -> datetime | None:
    """When the work in a folder was handed in by nbgrader's receipt: UTC without a zone; None where not known."""
    receipt = None if folder is None else read(folder / TIMESTAMP)
    try:
        return None if receipt is None else _utc(receipt)
    except ValueError:
        return None


def trouble(folder: Path) -> str:
    """Why the receipt in a folder cannot be read as a time, in a few words; empty where it can, or there is none."""
    receipt = read(folder / TIMESTAMP)
    if receipt is None:
        return "no ordinary file, or too large for one" if os.path.lexists(folder / TIMESTAMP) else ""
    try:
        _utc(receipt)
    except ValueError as error:
        return str(error)
    return ""


def _utc(receipt: bytes) -> datetime:
    """The time that a receipt says, without a zone; ValueError where it says none, or in a zone that is not known."""
    from dateutil import parser

    text = clipped(plain(receipt.decode("utf-8", "replace")), 60)
    with suppress(ValueError):  # nbgrader's own form, read a hundred times faster
        written = datetime.fromisoformat(text.removesuffix(" UTC"))
        if written.tzinfo is None:
            return written
    unknown: list[str] = []

    def zone(name: str | None, offset: int | None) -> tzinfo | None:
        seconds = _offset(name) if offset is None and name is not None else offset
        if seconds is None and name is not None:
            unknown.append(name)
        return timezone(timedelta(seconds=seconds or 0))  # without a zone it is UTC, as nbgrader takes it

    first: datetime
    second: datetime
    try:
        # What is not said comes from the default: where two of them give two times, the day is not said.
        first, second = (
            parser.parse(text, default=default, tzinfos=zone).astimezone(UTC).replace(tzinfo=None)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
        )
    except (ValueError, OverflowError, TypeError):
        raise ValueError(f"“{text}” is no time") from None
    if first != second:
        raise ValueError(f"“{text}” is no time")
    if unknown:
        raise ValueError(f"the zone {unknown[0]} of “{text}” is not known")
    return first


def _offset(name: str) -> float | None:
    """Seconds east of Greenwich of a zone's abbreviation; None where it is unknown, or means several."""
    offsets = _MAIL_ZONES.get(name, ()) or _abbreviations().get(name, ())
    return next(iter(offsets)) if len(offsets) == 1 else None


# RFC 822's; elsewhere in the world PST and CST are other zones.
_MAIL_ZONES: Final = {
    f"{region}{season}T": (3600 * (hours + (season == "D")),)
    for region, hours in {"E": -5, "C": -6, "M": -7, "P": -8}.items()
    for season in "SD"
}


@cache
def _abbreviations() -> dict[str, set[float]]:
    """What the time zones of the world call themselves this year, in winter and in summer."""
    found: dict[str, set[float]] = {}
    for key in zoneinfo.available_timezones():
        for month in (1, 7):
            at = datetime(datetime.now().year, month, 1, tzinfo=zoneinfo.ZoneInfo(key))
            offset = at.utcoffset()
            if offset is not None:
                found.setdefault(at.tzname() or "", set()).add(offset.total_seconds())
    return found

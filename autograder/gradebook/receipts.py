"""nbgrader's receipts: when a submission was handed in, and the secret by which its feedback is released."""

from __future__ import annotations

import os
import stat
import zoneinfo
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Final

from autograder.decoding import UndecodedError, decoded
from autograder.errors import CourseError
from autograder.gradebook import files, looking, settings
from autograder.gradebook.safe_text import plain
from autograder.words import clipped

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"
RECEIPTS = (TIMESTAMP, SECRET)  # nbgrader's, wanted beside notebooks and feedback
_RECEIPT_BYTES = 4096  # theirs are below 200


def copy(source: Path, folder: Path, config: Path | None = None) -> None:
    """Copies nbgrader's timestamp and secret from `source` to `folder`, and drops those that `source` lacks.

    A timestamp is copied in nbgrader's own form, and one that says no time is dropped: its commands end at such a one,
    for everybody. `config` is as for `timestamp`.
    """
    for name in RECEIPTS:
        receipt = as_copied(source, config) if name == TIMESTAMP else read(source / name)
        if receipt is None:
            (folder / name).unlink(missing_ok=True)
        else:
            files.replace(folder / name, receipt)


def as_copied(folder: Path | None, config: Path | None = None) -> bytes | None:
    """The timestamp in a folder in nbgrader's own form; None where there is none, or it says no time."""
    receipt = None if folder is None else read(folder / TIMESTAMP)
    at = timestamp(folder, config)
    if receipt is None or at is None:
        return None
    with suppress(ValueError):
        if _in_own_form(receipt.decode("ascii").strip()) == at:
            return receipt
    return f"{at:%Y-%m-%d %H:%M:%S.%f} UTC".encode()


def _in_own_form(text: str) -> datetime | None:
    """The time that a text says in nbgrader's own form; ValueError where it is in none, None where it has a zone."""
    written = datetime.fromisoformat(text.removesuffix(" UTC"))
    return written if written.tzinfo is None else None


def read(path: Path) -> bytes | None:
    """The bytes of a receipt; None where it is missing, a link, or far too large to be one."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _RECEIPT_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def timestamp(folder: Path | None, config: Path | None = None) -> datetime | None:
    """When the work in a folder was handed in by nbgrader's receipt: UTC without a zone; None where not known.

    `config` is the course's `nbgrader_config.py`, whose time zone decides what a zone's name means.
    """
    receipt = None if folder is None else read(folder / TIMESTAMP)
    try:
        return None if receipt is None else _times(receipt, config)[0]
    except ValueError:
        return None


def trouble(folder: Path, config: Path | None = None) -> str:
    """Why the receipt in a folder cannot be read as a time, in a few words; empty where it can, or there is none."""
    receipt = read(folder / TIMESTAMP)
    if receipt is None:
        return "no ordinary file, or too large for one" if os.path.lexists(folder / TIMESTAMP) else ""
    try:
        _times(receipt, config)
    except ValueError as error:
        return str(error)
    return ""


def doubt(folder: Path, due: datetime | None, config: Path | None = None) -> str:
    """Why it is not certain that work is late, or on time, in a few words; empty where it is, or its receipt says nothing.

    So it is with a zone's name that means several, where by one of them the work is late. `due` has a zone.
    """
    receipt = read(folder / TIMESTAMP)
    if receipt is None or due is None:
        return ""
    try:
        times = _times(receipt, config)
    except ValueError:
        return ""
    if len({at.replace(tzinfo=UTC) > due for at in times}) == 1:
        return ""
    return (
        f"“{_shown(receipt)}” is taken for {times[0]:%Y-%m-%d %H:%M} UTC, but its zone may be another, which decides "
        "whether the work is late: c.Exchange.timezone in nbgrader_config.py says which it is"
    )


def _shown(receipt: bytes) -> str:
    try:
        text = decoded(receipt)
    except UndecodedError:
        text = receipt.decode("utf-8", "replace")
    return clipped(plain(text), 60)


def _times(receipt: bytes, config: Path | None) -> list[datetime]:
    """The time that a receipt says, without a zone, and those that it might mean besides.

    ValueError where it says none, or in a zone of which it is not known which is meant.
    """
    from dateutil import parser

    text = _shown(receipt)
    with suppress(ValueError):  # nbgrader's own form, read a hundred times faster
        written = _in_own_form(text)
        if written is not None:
            return [written]
    names: list[str] = []

    def zone(name: str | None, offset: int | None) -> tzinfo | None:
        if offset is None and name is not None:
            names.append(name)
        return timezone(timedelta(seconds=offset or 0))  # without a zone it is UTC, as nbgrader takes it

    first: datetime
    second: datetime
    try:
        # What is not said comes from the default: where two of them give two times, the day is not said.
        first, second = (
            parser.parse(text, default=default, tzinfos=zone).astimezone(UTC).replace(tzinfo=None)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
        )
        offsets = _offsets(names[0], config) if names else [0.0]
        times = [first - timedelta(seconds=offset) for offset in offsets]
    except (ValueError, OverflowError, TypeError):
        raise ValueError(f"“{text}” is no time") from None
    if first != second:
        raise ValueError(f"“{text}” is no time")
    if not times:
        raise ValueError(f"the zone {names[0]} of “{text}” is not known")
    return times


def offset(name: str, config: Path | None = None) -> float | None:
    """What a zone's abbreviation is taken for, in seconds east of Greenwich; None where it is not known which is meant."""
    return next(iter(_offsets(name, config)), None)


def _offsets(name: str, config: Path | None) -> list[float]:
    """What a zone's abbreviation may mean, in seconds east of Greenwich; none where it is unknown, or is anybody's.

    The course's own comes first, and alone: nbgrader writes it. Then that of mail (RFC 822), then what all the world's
    zones that are called so have in common.
    """
    own, everywhere = _course_zones(config).get(name), sorted(_abbreviations().get(name, ()))
    if own:
        return sorted(own) if len(own) == 1 else []
    if name in _MAIL_ZONES:
        return [_MAIL_ZONES[name], *(offset for offset in everywhere if offset != _MAIL_ZONES[name])]
    return everywhere if len(everywhere) == 1 else []


_MAIL_ZONES: Final = {
    f"{region}{season}T": 3600.0 * (hours + (season == "D"))
    for region, hours in {"E": -5, "C": -6, "M": -7, "P": -8}.items()
    for season in "SD"
}


@cache
def _abbreviations() -> dict[str, set[float]]:
    """What the time zones of the world call themselves this year, in winter and in summer."""
    return _called(zoneinfo.available_timezones())


@cache
def _course_zones(config: Path | None) -> dict[str, set[float]]:
    """What the course's own time zone calls itself, in winter and in summer."""
    try:
        return _called([str(settings.load(config).get("Exchange", {}).get("timezone", "UTC"))])
    except (CourseError, ValueError, KeyError, OSError):  # a broken file is told where its policies are read
        return {}


def _called(zones: Iterable[str]) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for key in zones:
        for month in (1, 7):
            at = datetime(datetime.now().year, month, 1, tzinfo=zoneinfo.ZoneInfo(key))
            offset = at.utcoffset()
            if offset is not None:
                found.setdefault(at.tzname() or "", set()).add(offset.total_seconds())
    return found


def entered(
    gradebook: Path, unit: str, students: Collection[str] | None = None
) -> dict[str, datetime | None]:
    """When work in a unit was handed in as the gradebook at this path has it, by student; seen without nbgrader.

    Of `students` alone, where they are given.
    """
    wanted = None if students is None else frozenset(students)
    them, names = looking.among("submitted.student_id", None if wanted is None else sorted(wanted))
    try:
        with looking.at(gradebook) as book:
            rows = book.all(
                "SELECT submitted.student_id, submitted.timestamp FROM submitted_assignment AS submitted "
                f"JOIN assignment ON assignment.id = submitted.assignment_id WHERE assignment.name = ?{them}",
                (unit, *names),
            )
    except looking.UnseenError:
        return {}
    return {student: looking.moment(at) for student, at in rows if wanted is None or student in wanted}

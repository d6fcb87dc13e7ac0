"""Times and lengths of time as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def said(at: datetime, zone: tzinfo = UTC) -> str:
    """A time as people of a zone read it, "Mon 2 Nov 2026, 23:59 CET"; without a zone of its own it is UTC.

    Seconds are said where there are any.
    """
    known = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    here = known.astimezone(zone)
    clock = f"{here:%H:%M:%S}" if here.second and here.second != 59 else f"{here:%H:%M}"
    return f"{here:%a} {here.day} {here:%b %Y}, {clock} {here:%Z}"


def length(span: timedelta) -> str:
    """A length of time in its two largest units, "3 h 20 min" or "2 days 4 h"; what is shorter than that is left out."""
    seconds = int(abs(span).total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        (days, "day" if days == 1 else "days"),
        (hours, "h"),
        (minutes, "min"),
        (seconds, "s"),
    ]
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    shown = [f"{number} {unit}" for number, unit in parts[first : first + 2] if number]
    return " ".join(shown) or "0 s"

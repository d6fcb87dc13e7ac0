"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder import times


def test_a_time_is_said_in_the_zone_of_those_who_read_it() -> None:
    at = datetime(2026, 11, 2, 22, 59)
    assert times.said(at) == "Mon 2 Nov 2026, 22:59 UTC"
    assert times.said(at, ZoneInfo("Europe/Zurich")) == "Mon 2 Nov 2026, 23:59 CET"
    assert times.said(at.replace(tzinfo=UTC), ZoneInfo("Asia/Kolkata")) == "Tue 3 Nov 2026, 04:29 IST"
    assert times.said(at.replace(month=7), ZoneInfo("Europe/Zurich")) == "Fri 3 Jul 2026, 00:59 CEST"


def test_seconds_are_said_where_they_tell_something() -> None:
    assert times.said(datetime(2026, 11, 2, 23, 59, 59)) == "Mon 2 Nov 2026, 23:59 UTC"  # a day's end
    assert times.said(datetime(2026, 11, 3, 0, 0, 1)) == "Tue 3 Nov 2026, 00:00:01 UTC"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(hours=3, minutes=20, seconds=7), "3 h 20 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=4, minutes=59), "2 days 4 h"),
        (timedelta(days=2, minutes=59), "2 days"),
        (timedelta(seconds=-61), "1 min 1 s"),
        (timedelta(seconds=1), "1 s"),
        (timedelta(), "0 s"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert times.length(span) == said

"""Times as LMSs write them.

Moodle's are `strftimedaydatetime` of its language packs (lang/en/langconfig.php: "%A, %d %B %Y, %I:%M %p"); Blackboard's
as CodeGrade's and others' parsers of its text files read them.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from pathlib import Path

import pytest

from autograder.lms import dates

ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Monday, 2 March 2026, 11:59 PM", "2026-03-02 22:59"),
        ("Thursday, 2 July 2026, 11:59 PM", "2026-07-02 21:59"),
        ("Montag, 2. März 2026, 23:59", "2026-03-02 22:59"),
        ("lundi 2 mars 2026, 23:59", "2026-03-02 22:59"),
        ("lunes, 2 de marzo de 2026, 23:59", "2026-03-02 22:59"),
        ("maandag, 2 maart 2026, 23:59", "2026-03-02 22:59"),
        ("Monday, March 2, 2026 11:59:30 PM CET", "2026-03-02 22:59:30"),
        ("2 March 2026 23:59 UTC", "2026-03-02 23:59"),
        ("2026-03-02 23:59:00 -0500", "2026-03-03 04:59"),
        ("-", None),
        ("", None),
        ("23:59", None),
        ("Monday, 32 March 2026", None),
        ("2 March 2026 23:59 QQQ", None),
    ],
)
def test_times_in_words(text: str, at: str | None) -> None:
    assert dates.of_text(text, ZURICH) == (None if at is None else datetime.fromisoformat(at))


def test_the_courses_zone_says_what_its_own_letters_mean(tmp_path: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text('c = get_config()\nc.Exchange.timezone = "Asia/Kolkata"\n')
    assert dates.of_text("2 March 2026 12:00 IST", ZURICH, config) == datetime(2026, 3, 2, 6, 30)
    assert dates.of_text("2 March 2026 12:00 IST", ZURICH) is None, "India's, Israel's or Ireland's"


def test_blackboards_stamps() -> None:
    assert dates.of_stamp("2026-03-02-23-59-00", ZURICH) == datetime(2026, 3, 2, 22, 59)
    assert dates.of_stamp("2026-13-02-23-59-00", ZURICH) is None
    assert dates.of_stamp("", ZURICH) is None
    assert dates.of_stamp("0001-01-01-00-00-00", ZURICH) is None, "before all time, in UTC"

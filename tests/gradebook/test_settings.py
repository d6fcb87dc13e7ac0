"""What `nbgrader_config.py` sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.gradebook import settings
from autograder.records import Course


def test_settings_are_read_as_nbgrader_reads_them(tmp_path: Path) -> None:
    assert not settings.load(None)
    assert not settings.load(tmp_path / "none.py")
    (tmp_path / "config.py").write_text("c = get_config()\nc.Exchange.timezone = 'Asia/Tokyo'\n")
    assert settings.load(tmp_path / "config.py")["Exchange"]["timezone"] == "Asia/Tokyo"


def test_a_file_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("1 / 0")
    with pytest.raises(CourseError, match=r"config.py: ZeroDivisionError: division by zero"):
        settings.load(tmp_path / "config.py")


def test_the_time_zone_that_people_read_times_in(tmp_path: Path, own_course: Course) -> None:
    course = replace(own_course, root=tmp_path)
    config = tmp_path / "nbgrader_config.py"
    assert settings.zone(course).key == "UTC"
    config.write_text("c = get_config()\nc.Exchange.timezone = 'Asia/Tokyo'\n")
    assert settings.zone(course).key == "Asia/Tokyo"
    assert settings.zone(replace(course, timezone="Europe/Zurich")).key == "Europe/Zurich"
    config.write_text("c = get_config()\nc.Exchange.timezone = 'Nowhere'\n")
    assert settings.zone(course).key == "UTC"

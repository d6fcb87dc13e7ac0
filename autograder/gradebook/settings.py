"""What the course's `nbgrader_config.py` sets, as nbgrader would read it."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.errors import CourseError
from autograder.records import Course

if TYPE_CHECKING:
    from traitlets.config import Config

CONFIG: Final = "nbgrader_config.py"


def load(config: Path | None) -> Config:
    """The settings in this file, none where there is no file; CourseError where it cannot be run."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    if config is None or not config.exists():
        return Config()
    try:
        return PyFileConfigLoader(config.name, path=str(config.parent)).load_config()
    except Exception as error:  # the file is a program of the instructor's
        raise CourseError(f"{config}: {type(error).__name__}: {error}") from None


def zone(course: Course) -> zoneinfo.ZoneInfo:
    """The time zone in which people read times: that of course.toml, else that of nbgrader's exchange, else UTC."""
    if course.timezone:
        return zoneinfo.ZoneInfo(course.timezone)
    try:
        return zoneinfo.ZoneInfo(str(load(course.root / CONFIG).get("Exchange", {}).get("timezone", "UTC")))
    except (CourseError, ValueError, KeyError, OSError):  # a broken file is told where its policies are read
        return zoneinfo.ZoneInfo("UTC")

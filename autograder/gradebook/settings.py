"""What the course's `nbgrader_config.py` sets, as nbgrader would read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from traitlets.config import Config


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

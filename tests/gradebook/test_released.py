"""The released notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.gradebook import released


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"cannot be read \(No such file.*autograder release"),
        ("no json", "not a released notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "not a released notebook"),
        ('{"cells": []}', "no cell in it has points"),
    ],
)
def test_a_release_that_is_none_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "release.ipynb").write_text(content)
    with pytest.raises(CourseError, match=message):
        released.read(tmp_path / "release.ipynb")

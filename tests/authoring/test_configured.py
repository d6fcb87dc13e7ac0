from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import configured
from autograder.errors import CourseError

CONFIG = """
c = get_config()
print("reading …")
c.CourseDirectory.course_id = "course101"
c.CourseDirectory.release_directory = "handouts"
c.CourseDirectory.ignore = ["*.key"]
c.ClearSolutions.begin_solution_delimeter = "BEGIN ANSWER"
c.ClearSolutions.code_stub = {"python": "..."}
c.ClearHiddenTests.begin_test_delimeter = "BEGIN SECRET"
c.Autograde.sanitize_preprocessors = ["mine.Plan", "nbgrader.preprocessors.OverwriteCells"]
c.Autograde.autograde_preprocessors = ["autograder.nbgrader_bridge.GradeInWorker"]
c.ExecutePreprocessor.timeout = 300
"""


@pytest.mark.slow
def test_nbgrader_says_what_is_configured(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    found = configured.read(tmp_path)
    assert (found.course_id, found.release, found.timeout) == ("course101", "handouts", 300)
    assert (found.delegated, found.before, found.after) == (True, ("mine.Plan",), ())
    assert (found.dialect.begin_solution, found.dialect.begin_hidden) == ("BEGIN ANSWER", "BEGIN SECRET")
    assert (found.dialect.code_stub, found.dialect.ignore) == ("...", ("*.key",))
    assert found.source_of("ps1") == tmp_path.resolve() / "source" / "ps1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
        ("import os\nos._exit(0)", "it ends the process"),
    ],
)
def test_a_broken_configuration_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "nbgrader_config.py").write_text(text)
    with pytest.raises(CourseError, match=rf"nbgrader_config\.py cannot be read by nbgrader: .*{told}"):
        configured.read(tmp_path)


def test_one_that_does_not_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CourseError, match="runs for more than 120 s"):
        configured.read(tmp_path)

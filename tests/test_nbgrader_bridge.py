"""nbgrader's commands on this course, where they cannot do what they are asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder import nbgrader_bridge
from autograder.errors import AutograderError, CourseError, GraderError
from autograder.gradebook import database, results
from autograder.nbgrader_bridge import FeedbackExporter, GradeInWorker
from autograder.records import Report

ROOT = Path(__file__).parent.parent
UNIT = "self-attention"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """This repository's course with one submission, as it was handed out."""
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name / UNIT, tmp_path / name / UNIT)
    shutil.copytree(ROOT / "solutions" / "embeddings", tmp_path / "solutions" / "embeddings")
    shutil.copy(ROOT / "course.toml", tmp_path)
    shutil.copytree(ROOT / "assignments" / UNIT, tmp_path / "submitted" / "ada" / UNIT)
    return tmp_path


def autograde(course: Path, **changed: str) -> dict[str, Any]:
    """Calls the preprocessor as nbgrader does."""
    coursedir = CourseDirectory(root=str(course))
    exporter = NotebookExporter(parent=Autograde(coursedir=coursedir))
    given = {"student": "ada", "assignment": UNIT, "notebook": UNIT, "db_url": coursedir.db_url, **changed}
    notebook, _ = GradeInWorker(parent=exporter).preprocess(nbformat.v4.new_notebook(), {"nbgrader": given})
    return json.loads(nbformat.writes(notebook))  # type: ignore[no-any-return]


def test_a_submission_is_graded_and_its_notebook_composed(course: Path) -> None:
    notebook = autograde(course)
    result = results.read(results.path(course, UNIT, "ada"))
    assert result is not None
    assert result.score == 0.0
    checks = [cell for cell in notebook["cells"] if cell["source"] == ["check(softmax)"]]
    assert checks[0]["outputs"][1]["data"]["text/plain"] == ["0.0"]
    assert (course / "feedback" / "ada" / UNIT / f"{UNIT}.html").exists()


def test_a_database_elsewhere_is_refused(course: Path) -> None:
    with pytest.raises(
        CourseError, match=r"uses the database sqlite:///elsewhere.db: only gradebook.db here"
    ):
        autograde(course, db_url="sqlite:///elsewhere.db")
    assert not (course / "gradebook.db").exists()


def test_a_unit_that_is_not_there_is_named(course: Path) -> None:
    with pytest.raises(CourseError, match=r"no unit 'self-attentoin'.*self-attention"):
        autograde(course, assignment="self-attentoin")


def test_no_isolation_is_no_grading(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nbgrader_bridge.Sandbox, "level", property(lambda self: "none"))
    with pytest.raises(CourseError, match="this machine cannot lock student code in"):
        autograde(course)


def test_our_own_failure_leaves_the_marks_alone(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autograde(course)
    before = (course / "gradebook.db").read_bytes()
    failed = Report(UNIT, "", "ada", "not-graded", None, 10.0, (), reason="the sandbox broke")
    monkeypatch.setattr(nbgrader_bridge.Pipeline, "grade", lambda self, handed_in: failed)
    with pytest.raises(GraderError, match="ada: not graded: the sandbox broke"):
        autograde(course)
    assert (course / "gradebook.db").read_bytes() == before


def test_what_cannot_be_read_is_graded_as_such(course: Path) -> None:
    (course / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb").unlink()
    autograde(course)
    result = results.read(results.path(course, UNIT, "ada"))
    assert result is not None
    assert result.status == "unreadable"


def test_feedback_without_a_result_is_said(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    nbgrader_bridge.prepare(assignment=UNIT, student="*", notebooks=[])
    assert (course / database.FILE_NAME).exists()
    place = course / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb"
    with pytest.raises(AutograderError, match=r"ada has no result for self-attention: run `autograder grade"):
        FeedbackExporter().from_filename(str(place), {"nbgrader": {"student": "ada", "assignment": UNIT}})

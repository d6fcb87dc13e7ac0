"""nbgrader's commands on this course, where they cannot do what they are asked."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader_run import at_home, nbgrader

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


# --------------------------------------------------------------------------------- nbgrader's own commands, really run


@pytest.fixture
def home(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course with nbgrader's settings, an exchange in it, and nothing handed in."""
    at_home(course / "home", monkeypatch)
    shutil.rmtree(course / "submitted")
    (course / "exchange").mkdir()
    (course / "exchange").chmod(0o777)
    exchange = f"c.Exchange.root = {str(course / 'exchange')!r}\n"
    (course / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + exchange)
    return course


def put(home: Path, student: str, content: bytes) -> Path:
    path = home / "submitted" / student / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_what_nbformat_refuses_gets_the_marks_of_autograder_grade(
    home: Path, solved: Mapping[str, dict[str, Any]]
) -> None:
    document = json.loads(json.dumps(solved[UNIT]))
    put(home, "bom", b"\xef\xbb\xbf" + json.dumps(document).encode())
    for number, cell in enumerate(document["cells"]):
        cell |= {"id": f"cell nr {number} é!", "metadata": {"name": 3, "collapsed": "no"}}
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "none of them"}]
    put(home, "ids", json.dumps(document).encode())
    put(home, "broken", b"{")
    nbgrader(home, "autograde", UNIT)
    kept = {student: results.read(results.path(home, UNIT, student)) for student in ("bom", "ids", "broken")}
    assert {name: (one.score, one.status) for name, one in kept.items() if one is not None} == {
        "bom": (10.0, "graded"),
        "ids": (10.0, "graded"),
        "broken": (0.0, "unreadable"),
    }
    for student in kept:
        nbformat.read(home / "autograded" / student / UNIT / f"{UNIT}.ipynb", as_version=4)
        assert (home / "feedback" / student / UNIT / f"{UNIT}.html").exists()


def test_pages_are_released_to_whom_has_a_receipt_and_the_others_named(home: Path) -> None:
    raw = (home / "assignments" / UNIT / f"{UNIT}.ipynb").read_bytes()
    for student in ("ada", "cara"):
        folder = put(home, student, raw).parent
        (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
        if student != "ada":
            (folder / "submission_secret.txt").write_text("one")
    nbgrader(home, "autograde", UNIT)
    shutil.copytree(home / "feedback" / "cara", home / "feedback" / "b, [c]")
    (home / "feedback" / "b, [c]" / UNIT / "submission_secret.txt").write_text("another")
    said = nbgrader(home, "release_feedback", UNIT)
    assert (
        "Not released to 1 student, whose work did not come through the exchange: ada. Their pages are in feedback/"
        in said
    )
    assert len(list((home / "exchange").glob("*/feedback/*.html"))) == 2
    (home / "feedback" / "ada" / UNIT / "submission_secret.txt").write_text("found")
    assert "Not released" not in nbgrader(home, "release_feedback", UNIT)


def test_downloads_are_unpacked_to_their_students(home: Path) -> None:
    raw = (home / "assignments" / UNIT / f"{UNIT}.ipynb").read_bytes()
    text = (home / "course.toml").read_text()
    (home / "course.toml").write_text(f'roster = "roster.csv"\n{text}')
    (home / "roster.csv").write_text("id,first_name,last_name,lms_user_id\nben,Ben,Example,12346\n")
    archive = home / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    names = {
        "moodle.zip": [
            "Ada Example_11_assignsubmission_file_/self-attention.ipynb",
            "Ada Example_12_assignsubmission_file_/draft.ipynb",
            "Ada Example_12_assignsubmission_file_/notes.txt",
        ],
        "canvas.zip": ["exampleben_LATE_12346_678901_self-attention-1.ipynb", "strange.ipynb"],
    }
    for zipped, files in names.items():
        with zipfile.ZipFile(archive / zipped, "w") as file:
            for name in files:
                file.writestr(name, raw)
    nbgrader(home, "zip_collect", UNIT)
    submitted = home / "submitted"
    assert sorted(path.relative_to(submitted).as_posix() for path in submitted.rglob("*.ipynb")) == [
        "Ada Example/self-attention/self-attention.ipynb",
        "Ada Example_12/self-attention/draft.ipynb",
        "ben/self-attention/self-attention.ipynb",
    ]

"""nbgrader's commands on this course, where they cannot do what they are asked."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import adopted_course
import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader_run import at_home, nbgrader
from repository import keep_units

from autograder.course import coursefile, solution
from autograder.errors import AutograderError, CourseError, GraderError
from autograder.gradebook import bookkeeping, copies, handwork, released, results, said, standings
from autograder.grading.pipeline import Pipeline
from autograder.nbgrader_bridge import FeedbackExporter, GradeInWorker, LessonExporter
from autograder.records import Report
from autograder.sandbox.children import Sandbox

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
UNIT = "self-attention"


@pytest.fixture
def course(tmp_path: Path, raw: bytes) -> Path:
    """This repository's course with one unit and one submission."""
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name / UNIT, tmp_path / name / UNIT)
    shutil.copy(ROOT / "course.toml", tmp_path)
    keep_units(tmp_path, UNIT)
    put(tmp_path, "ada", raw)
    return tmp_path


def autograde(course: Path, **changed: str) -> dict[str, Any]:
    """Calls the preprocessor as nbgrader does."""
    coursedir = CourseDirectory(root=str(course))
    exporter = NotebookExporter(parent=Autograde(coursedir=coursedir))
    given = {"student": "ada", "assignment": UNIT, "notebook": UNIT, "db_url": coursedir.db_url, **changed}
    notebook, _ = GradeInWorker(parent=exporter).preprocess(nbformat.v4.new_notebook(), {"nbgrader": given})
    return json.loads(nbformat.writes(notebook))  # type: ignore[no-any-return]


def test_a_submission_is_graded_and_its_notebook_composed(course: Path) -> None:
    shutil.copy(course / "assignments" / UNIT / f"{UNIT}.ipynb", course / "submitted" / "ada" / UNIT)
    notebook = autograde(course)
    result = results.read(results.path(course, UNIT, "ada"))
    assert result is not None
    assert result.score == 0.0
    checks = [cell for cell in notebook["cells"] if cell["source"] == ["check(softmax)"]]
    assert checks[0]["outputs"][1]["data"]["text/plain"] == ["0.0"]
    assert (course / "feedback" / "ada" / UNIT / f"{UNIT}.html").exists()


def test_a_prediction_that_cannot_be_asked_is_not_handed_out() -> None:
    cell = nbformat.v4.new_code_cell("predict('the shape', shape)\n# why: so")
    with pytest.raises(NbGraderException, match=r"shape is no answer to type: .* \(line 1 of a cell\)"):
        LessonExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))


def test_a_database_elsewhere_is_refused(course: Path) -> None:
    with pytest.raises(
        CourseError, match=r"uses the database sqlite:///elsewhere.db: only gradebook.db here"
    ):
        autograde(course, db_url="sqlite:///elsewhere.db")
    assert not (course / "gradebook.db").exists()


def test_a_unit_that_is_not_there_is_named(course: Path) -> None:
    with pytest.raises(CourseError, match=r"no unit 'self-attentoin'.*self-attention"):
        autograde(course, assignment="self-attentoin")


def test_a_notebook_of_another_name_is_named(course: Path) -> None:
    """nbgrader passes it over, and goes on with the others."""
    with pytest.raises(NbGraderException, match=rf"extra\.ipynb is no notebook of .*: expected {UNIT}"):
        autograde(course, notebook="extra")


def test_no_isolation_is_no_grading(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "level", property(lambda self: "none"))
    with pytest.raises(CourseError, match="this machine cannot lock student code in"):
        autograde(course)


def test_our_own_failure_leaves_the_marks_alone(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autograde(course)
    before = (course / "gradebook.db").read_bytes()
    failed = Report(UNIT, "", "ada", "not-graded", None, 10.0, (), reason="the sandbox broke")
    monkeypatch.setattr(Pipeline, "grade", lambda self, handed_in: failed)
    with pytest.raises(GraderError, match="ada: not graded: the sandbox broke"):
        autograde(course)
    assert (course / "gradebook.db").read_bytes() == before


def test_what_cannot_be_read_is_graded_as_such(course: Path) -> None:
    (course / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb").unlink()
    autograde(course)
    result = results.read(results.path(course, UNIT, "ada"))
    assert result is not None
    assert result.status == "unreadable"


def test_feedback_without_a_result_is_said(course: Path) -> None:
    loaded = coursefile.load(course / "course.toml")
    bookkeeping.write(course, loaded.unit(UNIT), [], [released.read(loaded.released(UNIT))])
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


@pytest.fixture
def raw(solved: Mapping[str, dict[str, Any]]) -> bytes:
    """A notebook with everything right, in which there is nothing to explain."""
    return json.dumps(solved[UNIT]).encode()


def put(home: Path, student: str, content: bytes) -> Path:
    path = home / "submitted" / student / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_a_groups_work_is_everybodys(home: Path, solved: Mapping[str, dict[str, Any]]) -> None:
    text = (home / "course.toml").read_text().replace("format = 1", 'format = 1\nroster = "r.csv"')
    title = 'title = "Self-attention"'
    text = text.replace(title, f"{title}\ngroups = true\ndue = 2026-11-01T12:00:00Z")
    (home / "course.toml").write_text(f"{text}\n[late]\nper_day = 0.1\n")
    (home / "r.csv").write_text("id,group\nada,one\nbo,one\ncy,\n")
    for student in ("one", "cy"):
        receipt = put(home, student, json.dumps(solved[UNIT]).encode()).with_name("timestamp.txt")
        receipt.write_text("2026-11-02 11:00:00 UTC")
    nbgrader(home, "autograde", UNIT)
    standing = standings.read(home, UNIT)
    assert {student: one.raw_score for student, one in standing.items()} == {"ada": 10, "bo": 10, "cy": 10}
    assert {one.penalty for one in standing.values()} == {1.0}, "by course.toml"
    assert results.students(home, UNIT) == ["ada", "bo", "cy"]
    assert sorted(path.name for path in (home / "autograded").iterdir()) == ["ada", "bo", "cy"]


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


def test_what_nbgrader_would_trip_over_gets_the_marks_of_autograder_grade(home: Path, raw: bytes) -> None:
    (home / "the secret").write_text("the secret")
    put(home, "ordinary", raw).with_name("notes.txt").write_text("mine")
    for student, receipt in {
        "garbage": b"yesterday",
        "latin": b"M\xe4rz",
        "whole day": b"2026-03-01",
    }.items():
        put(home, student, raw).with_name("timestamp.txt").write_bytes(receipt)
    for student, names in {
        "renamed": ["mine.ipynb"], "two": ["a.ipynb", "b.ipynb"], "text": ["self-attention.ipynb.txt"],
        "nested": ["work/self-attention.ipynb"], "beside": ["self-attention.ipynb", "other.ipynb"],
    }.items():  # fmt: skip
        folder = put(home, student, raw).parent
        (folder / f"{UNIT}.ipynb").rename(folder / "rest")
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(raw)
        (folder / "rest").unlink()
    for place, target in {
        "file": home / "the secret", "device": Path("/dev/null"), "nowhere": home / "none", "folder": home / "solutions",
    }.items():  # fmt: skip
        put(home, f"link to a {place}", raw).with_name("data.txt").symlink_to(target)
    os.mkfifo(put(home, "pipe", raw).with_name("data.txt"))
    put(home, "link below", raw).with_name("data").mkdir()
    (home / "submitted" / "link below" / UNIT / "data" / "x").symlink_to(home / "the secret")
    put(home, "linked receipt", raw).with_name("timestamp.txt").symlink_to("/dev/null")
    put(home, "linked notebook", raw).unlink()
    (home / "submitted" / "linked notebook" / UNIT / f"{UNIT}.ipynb").symlink_to(
        home / "submitted" / "ordinary" / UNIT / f"{UNIT}.ipynb"
    )
    (home / "submitted" / "linked folder").mkdir()
    (home / "submitted" / "linked folder" / UNIT).symlink_to(home / "submitted" / "ordinary" / UNIT)

    said = nbgrader(home, "autograde", UNIT)
    assert "Traceback" not in said
    marks = {student: result.score for student, result in results.every(home, UNIT)}
    nothing = {"two", "linked notebook", "linked folder"}
    assert marks == {
        path.name: 0.0 if path.name in nothing else 10.0 for path in (home / "submitted").iterdir()
    }
    assert (
        "two: graded as by autograder grade, and nothing copied from beside the notebook: there are 2 note"
        in said
    )
    placed = {
        path.relative_to(home / "autograded").as_posix()
        for path in (home / "autograded").rglob("*")
        if path.is_file()
    }
    notebooks = {f"{student}/{UNIT}/{UNIT}.ipynb" for student in marks}
    receipts = {f"{student}/{UNIT}/timestamp.txt" for student in ("whole day",)}
    assert placed == receipts | notebooks | {f"ordinary/{UNIT}/notes.txt"}
    assert not [path for path in (home / "autograded").rglob("*") if path.is_symlink()]
    assert "the secret" not in "".join(
        path.read_text("latin-1") for path in (home / "autograded").rglob("*") if path.is_file()
    )
    with Gradebook(f"sqlite:///{home / 'gradebook.db'}") as book:
        assert {one.student.id: one.score for one in book.assignment_submissions(UNIT)} == marks
    nbgrader(home, "generate_feedback", UNIT)  # where a receipt that says no time would end it


def test_a_gradebook_that_is_gone_is_not_made_anew_by_nbgrader_either(home: Path, raw: bytes) -> None:
    put(home, "ada", raw)
    nbgrader(home, "autograde", UNIT)
    with Gradebook(f"sqlite:///{home / 'gradebook.db'}") as book:
        book.find_grade("why-sqrt-d_k", UNIT, UNIT, "ada").manual_score = 1.5
        book.db.commit()
    put(home, "bo", raw)
    nbgrader(home, "autograde", UNIT)
    (copy,) = copies.every(home / "gradebook.db")  # made before, with what was given
    (home / "gradebook.db").unlink()
    with pytest.raises(AssertionError) as failed:
        nbgrader(home, "autograde", UNIT, "--force")
    assert "gradebook.db is not there, and gradebook-backups/" in str(failed.value)
    assert "Traceback" not in str(failed.value)
    assert not (home / "gradebook.db").exists()
    assert len(handwork.read(copy) or ()) == 1


def test_a_question_that_is_new_is_there_for_everyone_whom_nbgrader_passes_over(
    home: Path, raw: bytes
) -> None:
    path = home / "assignments" / UNIT / f"{UNIT}.ipynb"
    put(home, "ada", raw)
    nbgrader(home, "autograde", UNIT)
    document = json.loads(path.read_text())
    (answer,) = (cell for cell in document["cells"] if cell["id"] == "why-sqrt-d_k")
    question = json.loads(json.dumps(answer)) | {"id": "why-more"}
    question["metadata"]["nbgrader"] |= {"grade_id": "why-more", "points": 1}
    document["cells"].append(question)
    path.write_text(json.dumps(document))
    said = nbgrader(home, "autograde", UNIT)
    assert "why-more (1 point) enters the gradebook for the 1 student in it" in said
    assert "Skipping existing assignment" in said
    with Gradebook(f"sqlite:///{home / 'gradebook.db'}") as book:
        assert book.find_grade("why-more", UNIT, UNIT, "ada").needs_manual_grade
    assert "why-more" in (home / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb").read_text()


def test_our_own_failure_at_what_nbgrader_would_trip_over_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "ada", b"{}").rename(home / "submitted" / "ada" / UNIT / "mine.ipynb")
    failed = Report(UNIT, "", "ada", "not-graded", None, 10.0, (), reason="the sandbox broke")
    monkeypatch.setattr(Pipeline, "grade", lambda self, handed_in: failed)
    assert "ada: not graded: the sandbox broke" in nbgrader(home, "autograde", UNIT)
    assert results.students(home, UNIT) == []


def test_pages_are_released_to_whom_has_a_receipt_and_the_others_named(home: Path, raw: bytes) -> None:
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


def test_no_receipt_keeps_the_pages_of_others_back(home: Path, raw: bytes) -> None:
    secrets = {"a": b"", "b": b"M\xe4rz", "c": b"x" * 100_000, "last": b"a secret"}
    for student, secret in secrets.items():
        folder = put(home, student, raw).parent
        (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_bytes(secret)
    nbgrader(home, "autograde", UNIT)
    nbgrader(home, "generate_feedback", UNIT, "--force")
    assert "Not released to 3 students, whose work" in nbgrader(home, "release_feedback", UNIT)
    assert len(list((home / "exchange").glob("*/feedback/*.html"))) == 1


def test_pages_that_are_released_and_older_than_the_marks_are_named(home: Path, raw: bytes) -> None:
    for student in ("ada", "bo"):
        folder = put(home, student, raw).parent
        (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(student)
    nbgrader(home, "autograde", UNIT)
    assert "older than" not in nbgrader(home, "release_feedback", UNIT)
    with Gradebook(f"sqlite:///{home / 'gradebook.db'}") as book:
        book.find_grade("why-sqrt-d_k", UNIT, UNIT, "bo").manual_score = 1.5
        book.db.commit()
    said = nbgrader(home, "release_feedback", UNIT)
    assert (
        "1 page of those released is older than what people have given or said: bo. "
        "`nbgrader generate_feedback self-attention --force` makes them anew" in said
    )
    nbgrader(home, "generate_feedback", UNIT, "--force")
    assert "older than" not in nbgrader(home, "release_feedback", UNIT)
    assert "1.5 of 2 points" in (home / "feedback" / "bo" / UNIT / f"{UNIT}.html").read_text()


def test_what_is_said_to_those_who_show_the_same_is_on_nbgraders_pages_too(
    home: Path, solved: Mapping[str, dict[str, Any]]
) -> None:
    document = json.loads(json.dumps(solved[UNIT]))
    far = "def scaled_scores(Query, Key):\n    return (np.abs(Query[:, None] - Key[None]) ** 3).sum(axis=-1) / 7"
    solution.rewrite(document, "scaled_scores", far)
    folder = put(home, "ada", json.dumps(document).encode()).parent
    (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text("ada")
    nbgrader(home, "autograde", UNIT)
    cluster = results.clusters(results.path(home, UNIT, "ada"))["scaled_scores"]
    said.say(home, UNIT, cluster, "Which of the two is a <product>?")
    assert "older than what people have given or said: ada." in nbgrader(home, "release_feedback", UNIT)
    nbgrader(home, "generate_feedback", UNIT, "--force")
    page = (home / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text()
    assert "Which of the two is a &lt;product&gt;?" in page
    assert "older than" not in nbgrader(home, "release_feedback", UNIT)


# ----------------------------------------------------------------------------- an assignment that nbgrader made


def test_plain_autograde_grades_an_adopted_assignment_as_the_kit_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its notebooks of one student in one piece, one student's with a notebook missing; then their pages."""
    at_home(tmp_path, monkeypatch)
    home = adopted_course.course(tmp_path / "course")
    own = (ROOT / "nbgrader_config.py").read_text()
    bridged = [line for line in own.split("# ---")[-1].splitlines() if line.startswith(("c.", "    ", "]"))]
    with open(home / "nbgrader_config.py", "a") as config:
        config.write("\n".join(bridged))
    adopted_course.hand_in(home, "ada", adopted_course.solved())
    adopted_course.hand_in(home, "bo", adopted_course.WRONG, without=("words",))
    nbgrader(home, "generate_assignment", adopted_course.UNIT)
    nbgrader(home, "autograde", adopted_course.UNIT)
    found = standings.read(home, adopted_course.UNIT)
    assert {name: one.raw_score for name, one in found.items()} == {"ada": 9.0, "bo": 1.0}
    document = json.loads((home / "autograded" / "ada" / adopted_course.UNIT / "algebra.ipynb").read_text())
    (hidden,) = [
        cell
        for cell in document["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "squares-hidden"
    ]
    assert "650" in "".join(hidden["source"]), "graders see hidden tests, as nbgrader shows them"
    assert hidden["outputs"][1]["data"]["text/plain"] in ("1.0", ["1.0"])
    shutil.rmtree(home / "feedback")
    nbgrader(home, "generate_feedback", adopted_course.UNIT)
    page = (home / "feedback" / "bo" / adopted_course.UNIT / "algebra.html").read_text()
    assert "algebra/squares-test" in page
    assert "squares(12)" not in page

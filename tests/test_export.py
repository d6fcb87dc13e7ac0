"""Grades for other systems, and Gradescope's autograder run in a folder laid out as Gradescope does."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from released import released
from test_gradebook import CONFIG, FULL, PART, UNIT, entry, give

from autograder import course as course_file
from autograder import export as exports
from autograder import gradebook, gradescope
from autograder.errors import CourseError, SandboxError
from autograder.export import export
from autograder.records import Course, Limits, Report

ROOT = Path(__file__).parent.parent
ROSTER = """\
id,first_name,last_name,email,lms_user_id,section
ada,Ada,Lovelace,ada@example.org,101,Monday
bo,Bo,=HYPERLINK("http://evil"),bo@example.org,102,+Tuesday
cy,Cy,,cy@example.org,103,
zoë,Zoë,O'Neil,zoe@example.org,104,Monday
"""


@pytest.fixture
def graded(tmp_path: Path) -> Course:
    """A course with a hand-given mark, an override, a late penalty, one not graded, one not on the roster."""
    release = tmp_path / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(released()))
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "roster.csv").write_text(ROSTER)
    unit = replace(UNIT, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
    course = Course(tmp_path, "T", 1, tmp_path / "s", tmp_path / "roster.csv", Limits(), (unit,), "")

    def regrade() -> None:
        late = "2026-03-02 12:00:00.000000 UTC"
        entries = [
            entry(tmp_path, "ada", PART, timestamp=late),
            entry(tmp_path, "bo", FULL),
            entry(tmp_path, "cy", None),
            entry(tmp_path, "stranger", FULL),
        ]
        gradebook.write(tmp_path, unit, entries, release, config=tmp_path / "nbgrader_config.py")

    regrade()
    give(tmp_path, "ada", "check-softmax", manual_score=2.0)
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    regrade()
    return course


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode())))


def test_csv_has_everything(graded: Course) -> None:
    done = export(graded, graded.root, "csv")
    (path,) = done.files
    assert path == graded.root / "exports" / "csv.csv"
    header, *rows = table(path)
    by_id = {row[1]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_id["ada"] == {
        "unit": "self-attention",
        "student_id": "ada",
        "last_name": "Lovelace",
        "first_name": "Ada",
        "email": "ada@example.org",
        "section": "Monday",
        "timestamp": "2026-03-02 12:00:00 UTC",
        "raw_score": "6.5",
        "late_penalty": "1",
        "score": "5.5",
        "max_score": "8",
        "review": "",
    }
    assert by_id["bo"]["score"] == "6"
    assert by_id["bo"]["review"] == "yes"
    assert [by_id["cy"][key] for key in ("raw_score", "late_penalty", "score")] == ["", "", ""]
    assert by_id["zoë"]["score"] == ""
    assert done.notes == (
        "self-attention: not graded yet, left blank: cy",
        "self-attention: 2 of 4 wait for a person in formgrader: marks so far",
        "self-attention: not in roster.csv, left out: stranger",
    )


def test_who_handed_in_nothing_is_marked_by_the_policy(graded: Course) -> None:
    rows = table(export(graded, graded.root, "csv", absent="zero").files[0])
    scores = {row[1]: row[9] for row in rows}
    assert (scores["zoë"], scores["cy"]) == ("0", ""), "our own failure is never a zero"


def test_canvas_gets_points_possible_ids_and_sections(graded: Course, tmp_path: Path) -> None:
    columns = {"self-attention": "Attention (4711)"}
    done = export(graded, graded.root, "canvas", to=tmp_path / "to", columns=columns)
    assert done.files == (tmp_path / "to" / "canvas.csv",)
    assert table(done.files[0]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Attention (4711)"],
        ["    Points Possible", "", "", "", "", "8"],
        ["Lovelace, Ada", "101", "", "", "Monday", "5.5"],
        ['\'=HYPERLINK("http://evil"), Bo', "102", "", "", "'+Tuesday", "6"],
        ["Cy", "103", "", "", "", ""],
        ["O'Neil, Zoë", "104", "", "", "Monday", ""],
    ]


def test_moodle_gets_its_ids(graded: Course) -> None:
    rows = table(export(graded, graded.root, "moodle", units=["self-attention"]).files[0])
    assert rows[0] == ["First name", "Last name", "ID number", "Email address", "Self-attention"]
    assert rows[1] == ["Ada", "Lovelace", "101", "ada@example.org", "5.5"]


def test_missing_ids_are_named_and_nothing_is_written(graded: Course) -> None:
    (graded.root / "roster.csv").write_text(ROSTER.replace(",102,", ",,").replace(",104,", ",,"))
    with pytest.raises(
        CourseError, match=r"Canvas .* 2 of 4 lack \(bo, zoë\): fill the column lms_user_id in .*roster"
    ):
        export(graded, graded.root, "canvas")
    assert not (graded.root / "exports").exists()
    assert export(graded, graded.root, "moodle").files, "Moodle takes addresses as well"
    (graded.root / "roster.csv").write_text("id\nada\nbo\n")
    with pytest.raises(CourseError, match=r"Moodle .* 2 of 2 lack"):
        export(graded, graded.root, "moodle")


def test_without_a_roster_the_gradebook_says_who_there_is(graded: Course) -> None:
    course = replace(graded, roster=None)
    rows = table(export(course, graded.root, "csv").files[0])
    assert [row[1] for row in rows[1:]] == ["ada", "bo", "cy", "stranger"]
    with pytest.raises(CourseError, match=r"in the roster \(`roster` in course.toml\)"):
        export(course, graded.root, "canvas")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_no_cell_starts_a_formula(start: str) -> None:
    (row,) = list(csv.reader(io.StringIO(exports._csv([[f"{start}1+1", "1-1"]]).decode(), newline="")))
    assert row == [f"'{start}1+1", "1-1"]


def test_what_was_not_graded_is_said(graded: Course, tmp_path: Path) -> None:
    other = replace(graded, units=(replace(UNIT, name="embeddings"),))
    with pytest.raises(CourseError, match=r"nobody's work in 'embeddings' has been graded yet"):
        export(other, graded.root, "csv", units=["embeddings"])
    with pytest.raises(CourseError, match=r"nothing in .* has been graded yet"):
        export(other, graded.root, "csv")
    with pytest.raises(CourseError, match=r"no gradebook yet"):
        export(graded, tmp_path / "elsewhere", "csv")


def test_a_folder_that_cannot_be_written_is_named(graded: Course) -> None:
    (graded.root / "exports").write_text("a file")
    with pytest.raises(CourseError, match=r"exports.*cannot be written"):
        export(graded, graded.root, "csv")


# ------------------------------------------------------------------------------------------------------ Gradescope


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, in a folder of its own."""
    root = tmp_path_factory.mktemp("course")
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "course.toml", root)
    return course_file.load(root / "course.toml")


def test_gradescope_gets_each_students_results(graded: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradescope, "package", lambda course, unit: b"a zip")
    done = export(graded, graded.root, "gradescope")
    folder = graded.root / "exports" / "gradescope"
    assert {path.relative_to(folder).as_posix() for path in done.files} == {
        "self-attention-autograder.zip",
        "self-attention/ada/results.json",
        "self-attention/bo/results.json",
    }
    ada = json.loads((folder / "self-attention" / "ada" / "results.json").read_bytes())
    assert (ada["score"], ada["output"]) == (5.5, "Late penalty: 1 point.")
    assert [
        (test["name"], test["score"], test["max_score"], test.get("status")) for test in ada["tests"]
    ] == [
        ("scaled_scores", 3.0, 3.0, "passed"),
        ("softmax", 2.0, 3.0, "failed"),
        ("why-sqrt-d_k", 1.5, 2.0, None),
    ]
    assert "softmax.wrong-axis" in ada["tests"][1]["output"]


def gradescope_folder(course: Course, base: Path, solution: str) -> subprocess.CompletedProcess[str]:
    """Unpacks the autograder and runs it on one submission, as Gradescope's harness does."""
    with zipfile.ZipFile(io.BytesIO(gradescope.package(course, course.unit("self-attention")))) as archive:
        archive.extractall(base / "source")
    (base / "submission").mkdir()
    (base / "results").mkdir()
    shutil.copy(base / "source" / "run_autograder", base)
    (base / "run_autograder").chmod(0o755)
    notebook = json.loads((ROOT / "assignments" / "self-attention" / "self-attention.ipynb").read_bytes())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "scaled_scores":
            cell["source"] = solution
    (base / "submission" / "my homework.ipynb").write_text(json.dumps(notebook))
    (base / "submission_metadata.json").write_text('{"users": [{"id": 17}]}')
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "HOME": str(base)}
    return subprocess.run(
        [str(base / "run_autograder")], cwd="/", env=environment, capture_output=True, text=True
    )


def test_the_autograder_runs_in_gradescopes_layout(whole: Course, tmp_path: Path) -> None:
    right = "def scaled_scores(Query, Key):\n    return Query @ Key.T / np.sqrt(Query.shape[-1])"
    done = gradescope_folder(whole, tmp_path, right)
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "results" / "results.json").read_bytes())
    assert written["score"] == 3.0
    assert [(test["name"], test["score"]) for test in written["tests"]] == [
        ("scaled_scores", 3.0),
        ("softmax", 0.0),
        ("attend", 0.0),
    ]
    assert "general.not-implemented" in written["tests"][1]["output"]


def test_the_zip_is_the_same_for_the_same_course_and_needs_no_nbgrader(whole: Course) -> None:
    unit = whole.unit("self-attention")
    packed = gradescope.package(whole, unit)
    assert packed == gradescope.package(whole, unit)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        needed = archive.read("requirements.txt").decode().split()
        executable = [info.filename for info in archive.infolist() if info.external_attr >> 16 & 0o111]
    assert executable == ["run_autograder", "setup.sh"]
    assert any(line.startswith("numpy") for line in needed)
    assert not any(line.startswith(("nbgrader", "jupyter")) for line in needed)
    assert "course/solutions/embeddings/reference.py" in names
    code = (
        "import sys, autograder.gradescope; sys.exit(any(m.split('.')[0] == 'nbgrader' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_folder_without_gradescopes_layout_is_said(whole: Course, tmp_path: Path) -> None:
    script = tmp_path / "run_autograder"
    with zipfile.ZipFile(io.BytesIO(gradescope.package(whole, whole.unit("self-attention")))) as archive:
        script.write_bytes(archive.read("run_autograder"))
    done = subprocess.run(["bash", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "keep Gradescope's layout" in done.stderr


def test_our_own_failures_leave_no_zero(
    whole: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(whole.root, tmp_path / "source" / "course")
    failed = Report("self-attention", "", "ada", "not-graded", None, 10.0, (), reason="the sandbox broke")
    monkeypatch.setattr(gradescope.pipeline.Pipeline, "grade", lambda self, handed_in: failed)
    with pytest.raises(SandboxError, match="the sandbox broke"):
        gradescope.main(tmp_path, "self-attention")
    monkeypatch.setattr(gradescope.Sandbox, "level", property(lambda self: "none"))
    with pytest.raises(SandboxError, match="cannot lock student code in"):
        gradescope.main(tmp_path, "self-attention")
    assert not (tmp_path / "results").exists()


def test_a_kit_that_is_not_installed_is_said(whole: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradescope, "_DISTRIBUTION", "no-such-kit")
    with pytest.raises(CourseError, match="no-such-kit is not installed"):
        gradescope.package(whole, whole.unit("self-attention"))

"""Gradescope's autograder run in a folder laid out as Gradescope does."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import adopted_course
import pytest
from entered import say

from autograder.course import coursefile
from autograder.errors import CourseError, SandboxError
from autograder.grading.pipeline import Pipeline
from autograder.lms import gradescope
from autograder.lms.export import export
from autograder.records import Course, Report
from autograder.sandbox.children import Sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, in a folder of its own."""
    root = tmp_path_factory.mktemp("course")
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    return coursefile.load(root / "course.toml")


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
    say(graded.root, "ada", "softmax", "Look at <axis>,\nagain.")
    export(replace(graded, hints="ladder"), graded.root, "gradescope")
    ada = json.loads((folder / "self-attention" / "ada" / "results.json").read_bytes())
    assert ada["tests"][1]["output"].split("\n\n") == [
        "Your instructor says: Look at <axis>, again.",
        "The mark was set by hand, in place of 0.5.",
        "Your feedback page says where to look.",
    ]
    export(graded, graded.root, "gradescope")
    ada = json.loads((folder / "self-attention" / "ada" / "results.json").read_bytes())
    assert ada["tests"][1]["output"].startswith("Your instructor says: Look")
    assert "softmax.wrong-axis" in ada["tests"][1]["output"], "both are kept"
    assert ada["tests"][0]["output"].startswith("scaled_scores: 3 of 3 points")


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


@pytest.mark.slow
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
    assert "course/solutions/embeddings/inputs.py" in names
    code = "import sys, autograder.lms.gradescope; sys.exit(any(m.split('.')[0] == 'nbgrader' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_units_of_tables_and_drawings_need_comes_along(whole: Course) -> None:
    def needed() -> str:
        with zipfile.ZipFile(io.BytesIO(gradescope.package(whole, whole.unit("self-attention")))) as archive:
            return archive.read("requirements.txt").decode()

    assert "pandas" not in needed()
    more = whole.root / "solutions" / "embeddings" / "more.py"
    more.write_text("import pandas as pd")
    try:
        assert "pandas" in needed()
        assert "matplotlib" in needed()
    finally:
        more.unlink()


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
    monkeypatch.setattr(Pipeline, "grade", lambda self, handed_in: failed)
    with pytest.raises(SandboxError, match="the sandbox broke"):
        gradescope.main(tmp_path, "self-attention")
    monkeypatch.setattr(Sandbox, "level", property(lambda self: "none"))
    with pytest.raises(SandboxError, match="cannot lock student code in"):
        gradescope.main(tmp_path, "self-attention")
    assert not (tmp_path / "results").exists()


def test_a_kit_that_is_not_installed_is_said(whole: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradescope, "DISTRIBUTION", "no-such-kit")
    with pytest.raises(CourseError, match="no-such-kit is not installed"):
        gradescope.package(whole, whole.unit("self-attention"))


@pytest.mark.slow
def test_an_adopted_assignment_is_packed_with_its_files_and_no_secret_and_graded_there(
    tmp_path: Path,
) -> None:
    home = adopted_course.course(tmp_path / "course")
    loaded = coursefile.load(home / "course.toml")
    packed = gradescope.package(loaded, loaded.unit(adopted_course.UNIT))
    base = tmp_path / "base"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert not any("secret" in name for name in archive.namelist() if name.startswith("course/"))
        archive.extractall(
            base / "source", [name for name in archive.namelist() if name.startswith("course/")]
        )
    assert not loaded.secret_file.exists()
    shutil.copytree(adopted_course.hand_in(tmp_path, "ada", adopted_course.WRONG), base / "submission")
    gradescope.main(base, adopted_course.UNIT)
    written = json.loads((base / "results" / "results.json").read_bytes())
    found = {test["name"]: test for test in written["tests"]}
    assert {name: test["max_score"] for name, test in found.items()} == adopted_course.POINTS
    assert written["score"] == found["algebra/mean-test"]["score"] == 1.0
    assert "general.missing-item" in found["algebra/squares-test"]["output"]

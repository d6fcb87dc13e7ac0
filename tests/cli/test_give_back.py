"""`autograder return`: what is said of what is packed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archived import ROSTER, zipped
from calling import call
from entered import FULL, UNIT, hand_in, report
from released import answered, released

from autograder.gradebook import bookkeeping
from autograder.gradebook import released as releases
from autograder.gradebook.submissions import Entry


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course in which ada is graded and has a page."""
    (tmp_path / "course.toml").write_text(
        'format = 1\ntitle = "T"\npublic_seed = 1\nroster = "roster.csv"\n[[units]]\nname = "self-attention"\n'
        'functions = [{name = "scaled_scores", points = 3.0}, {name = "softmax", points = 3.0}]\n'
    )
    (tmp_path / "roster.csv").write_text(ROSTER)
    release = tmp_path / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(released()))
    notebook = hand_in(tmp_path, "ada", answered("Because."))
    bookkeeping.write(
        tmp_path,
        UNIT,
        [Entry(report("ada", FULL), {UNIT.name: notebook}, notebook.parent)],
        [releases.read(release)],
    )
    page = tmp_path / "feedback" / "ada" / UNIT.name / f"{UNIT.name}.html"
    page.parent.mkdir(parents=True)
    page.write_text("<title>ada</title>")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_and_notes_are_told(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "return", UNIT.name, "--to", "folder", "--out", "out")
    assert code == 0
    assert out.splitlines() == [
        "1 page packed",
        "✓ out/self-attention-feedback/ada/self-attention.html",
        "✓ out/self-attention-feedback/marks.csv",
        "self-attention: 1 of 1 waits for a person in formgrader: marks so far",
    ]
    zipped(
        {
            "lovelaceada_101_900_a.ipynb": (
                course / f"submitted/ada/{UNIT.name}/{UNIT.name}.ipynb"
            ).read_bytes()
        },
        course / "c.zip",
    )
    assert "· 1 there already: ada" in call(capsys, "import", UNIT.name, "c.zip")[1]
    code, out, _ = call(capsys, "return", UNIT.name, "--to", "canvas", "--column", "A (1)")
    assert code == 0
    assert out.splitlines()[:3] == [
        "1 page packed",
        "✓ exports/self-attention-canvas-feedback.zip",
        "✓ exports/self-attention-canvas.csv",
    ]
    assert ",A (1)\n" in (course / "exports" / "self-attention-canvas.csv").read_text().replace("\r\n", "\n")


def test_what_was_graded_to_another_folder_is_packed_there(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = course / "marks"
    marks.mkdir()
    for name in ("gradebook.db", "feedback"):
        (course / name).rename(marks / name)
    code, out, _ = call(capsys, "return", UNIT.name, "--to", "folder", "--out", "marks")
    assert (code, out.splitlines()[1]) == (
        0,
        "✓ marks/exports/self-attention-feedback/ada/self-attention.html",
    )


def test_what_is_missing_is_one_line(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "return", UNIT.name, "--to", "moodle")
    assert code == 2
    assert err.startswith("autograder: no work of self-attention came in a download of Moodle")
    assert call(capsys, "return", UNIT.name)[0] == 2

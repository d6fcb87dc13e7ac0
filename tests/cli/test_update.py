"""`autograder update`, as people use it."""

from __future__ import annotations

from pathlib import Path

import lessons
import pytest
from calling import call

REFERENCE = "solutions/first/reference.py"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A course with lessons of another; commands run in it."""
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "init", "mine", "--from", str(lessons.write(tmp_path / "theirs")))[0] == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def test_it_looks_where_lessons_were_taken_from_and_says_what_it_did(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "theirs"
    assert call(capsys, "update") == (0, f"nothing is new in {theirs}\n", "")
    (root / REFERENCE).write_text("mine = 1\n")
    third = '\n[[units]]\nname = "third"\nfunctions = [{ name = "h", points = 1.0 }]\n'
    newer = {REFERENCE: "new = 1\n", "solutions/first/first.py": "# %%\nnew = 1\n"}
    lessons.write(theirs, newer, lessons.LISTING.replace("points = 2.0", "points = 3.0") + third)
    said = (
        "✓ solutions/first/first.py: as it is new\n"
        f"✗ {REFERENCE}: your changes and the new ones meet: yours stays, and both are in {REFERENCE}.new, to be settled\n"
        "· first: the new lessons grade f (3); in your course.toml it is f (2)\n"
        "· a new unit, third: `autograder update --add third` adds it\n"
    )
    code, out, _ = call(capsys, "update", "--dry-run")
    assert (code, out) == (1, f"{said}nothing was written (--dry-run)\n")
    assert not (root / f"{REFERENCE}.new").exists()
    code, out, _ = call(capsys, "update")
    assert (code, out) == (1, f"{said}\nWhat to do next: autograder verify, then autograder release\n")
    assert (root / f"{REFERENCE}.new").is_file()
    code, out, _ = call(capsys, "update", "--add", "third")
    assert (code, out.splitlines()[0]) == (0, "✓ solutions/third/third.py: as it is new")


def test_without_lessons_it_looks_at_the_kits_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    call(capsys, "init", "mine")
    monkeypatch.chdir(tmp_path / "mine")
    assert call(capsys, "update") == (0, "nothing is new in the kit's own files\n", "")
    assert call(capsys, "update", "--add", "third") == (
        2, "", "autograder: --add third: from where? Name the lessons with --from\n",
    )  # fmt: skip


def test_a_source_that_is_gone_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "theirs").rename(tmp_path / "moved")
    code, _, told = call(capsys, "update")
    assert code == 2
    assert "there is no such folder or file" in told
    assert call(capsys, "update", "--from", str(tmp_path / "moved"))[0] == 0

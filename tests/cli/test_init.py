"""`autograder init`, as people use it."""

from __future__ import annotations

from pathlib import Path

import lessons
import pytest
from calling import call


def test_a_course_of_ones_own_says_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call(capsys, "init", "my [bold] course")
    assert code == 0
    assert out == (
        "✓ my [bold] course/course.toml\n\nWhat to do next: cd 'my [bold] course'; autograder new UNIT\n"
    )
    monkeypatch.chdir(tmp_path / "my [bold] course")
    for command in ("release", "verify", "demo"):
        code, _, told = call(capsys, command)
        assert code == 2
        assert told.endswith("course.toml lists no unit yet: `autograder new UNIT` makes one to start from\n")
    assert call(capsys, "new", "layer-norm")[0] == 0


def test_with_lessons_of_another_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = lessons.write(tmp_path / "theirs")
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    code, out, _ = call(capsys, "init", "--from", str(theirs), "--title", "Mine")
    assert code == 0
    assert out.startswith(f"✓ course.toml\n✓ from {theirs} (")
    assert "): first, second\n· due dates are yours to set: first had one\n" in out
    assert out.endswith("\nWhat to do next: autograder release\n")
    code, _, told = call(capsys, "init", "--from", str(theirs))
    assert code == 2
    assert (
        told
        == f"autograder: {tmp_path}/mine is a course already: name a new folder, as in `autograder init my-course`\n"
    )


def test_where_git_is_not_there_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = call(capsys, "init", "mine")
    assert code == 0
    assert "· no git repository was made, as git is not here or cannot\n" in out


def test_assignments_of_nbgraders_are_not_taken_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = lessons.write(tmp_path / "theirs")
    with (theirs / "course.toml").open("a") as listing:
        listing.write(
            '\n[[units]]\nname = "ps1"\nadopted = "ps1"\nfunctions = [{ name = "t", points = 1 }]\n'
        )
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    code, out, _ = call(capsys, "init", "--from", str(theirs))
    assert code == 0
    assert "· left out are assignments of nbgrader's (ps1): copy their notebooks, and adopt them with" in out

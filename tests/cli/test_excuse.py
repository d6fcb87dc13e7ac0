"""`autograder excuse`: who need not do a unit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from calling import call


@pytest.fixture(autouse=True)
def course(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for student in ("ada", "bo"):
        (course_folder / "submitted" / student).mkdir(parents=True)
    monkeypatch.chdir(course_folder)
    return course_folder


@pytest.mark.slow
def test_the_page_says_that_the_work_does_not_count(
    capsys: pytest.CaptureFixture[str], course: Path, graded: Path
) -> None:
    page = graded / "feedback" / "ada" / "embeddings" / "embeddings.html"
    assert "You are excused" not in page.read_text()
    for more, there in ((), True), (("--take-back",), False):
        assert call(capsys, "excuse", "embeddings", "ada", "bo", *more)[0] == 0
        code, out, err = call(capsys, "grade", "embeddings", "--jobs", "1")
        assert code == 0
        assert "1 feedback page is older than what people gave, said and arranged" in " ".join(err.split())
        assert ("You are excused from this unit." in page.read_text()) is there
        assert ("1 student excused: bo\n" in out) is there
        assert ("1 student handed in nothing: bo\n" in out) is not there
    (graded / "excused.toml").write_text('[embedings]\nada = ""\n[embeddings]\nadda = ""\nBO = ""\n')
    code, out, err = call(capsys, "grade", "embeddings", "--jobs", "1")
    assert "excused.toml names whom or what this course does not know: [embedings], adda in [embeddings]" in (
        " ".join(err.split())
    )
    assert "1 student excused: bo\n" in out


def test_an_excuse_is_kept_and_taken_back(capsys: pytest.CaptureFixture[str], course: Path) -> None:
    before = sorted(os.listdir(course))
    code, out, _ = call(capsys, "excuse", "embeddings", "ada", "--because", "ill", "--dry-run")
    assert (code, out) == (
        0,
        "excused.toml: ada is excused from embeddings\nnothing was written (--dry-run)\n",
    )
    assert sorted(os.listdir(course)) == before
    code, out, _ = call(capsys, "excuse", "embeddings", "ada", "bo", "--because", "ill")
    assert code == 0
    assert out.startswith("✓ excused.toml: ada, bo are excused from embeddings\n")
    assert 'ada = "ill"\nbo = "ill"\n' in (course / "excused.toml").read_text()
    (course / "submitted" / "ada").rmdir()  # who has left may be excused no more all the same
    code, out, _ = call(capsys, "excuse", "embeddings", "ada", "--take-back")
    assert code == 0
    assert "ada is not excused from embeddings any more" in out
    assert "ada" not in (course / "excused.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["embeddings", "adda"], "no student 'adda' in this course (did you mean 'ada'?)"),
        (["embedings", "ada"], "no unit 'embedings'"),
        (["embeddings", "ada", "--take-back"], "ada is not excused from embeddings"),
        (["embeddings", "ada", "--take-back", "--because", "x"], "--take-back takes no reason"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], course: Path, arguments: list[str], told: str
) -> None:
    code, out, err = call(capsys, "excuse", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"autograder: {told}")
    assert err.count("\n") == 1
    assert not (course / "excused.toml").exists()

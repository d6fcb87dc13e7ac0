"""`autograder extend`: more time for a unit."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import call

from autograder.gradebook import standings


@pytest.fixture(autouse=True)
def course(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = (course_folder / "course.toml").read_text()
    text = text.replace("format = 1", 'format = 1\ntimezone = "Europe/Zurich"')
    text = text.replace('title = "Embeddings"', 'title = "Embeddings"\ndue = 2026-11-02')
    (course_folder / "course.toml").write_text(text)
    config = (course_folder / "nbgrader_config.py").read_text()
    (course_folder / "nbgrader_config.py").write_text(
        config.replace('penalty_method = "none"', 'penalty_method = "zero"')
    )
    (course_folder / "submitted" / "ada").mkdir(parents=True)
    monkeypatch.chdir(course_folder)
    return course_folder


@pytest.mark.slow
def test_more_time_is_said_in_the_courses_zone_and_taken_back(
    capsys: pytest.CaptureFixture[str], course: Path, put: Callable[..., Path]
) -> None:
    before = sorted(os.listdir(course))
    code, out, _ = call(capsys, "extend", "embeddings", "ada", "--days", "2", "--dry-run")
    line = "ada: embeddings is due Wed 4 Nov 2026, 23:59 CET, 2 days later than for others"
    assert (code, out) == (0, f"{line}\nnothing was written (--dry-run)\n")
    assert sorted(os.listdir(course)) == before
    code, out, _ = call(capsys, "extend", "embeddings", "ada", "--days", "2")
    assert (code, out.splitlines()[0]) == (0, f"✓ {line}")
    put("ada").with_name("timestamp.txt").write_text("2026-11-04 12:00:00 UTC")
    assert call(capsys, "grade", "embeddings", "--jobs", "1")[0] == 0
    assert standings.read(course, "embeddings")["ada"].penalty == 0
    page = course / "feedback" / "ada" / "embeddings" / "embeddings.html"
    assert "This is about what you handed in on Wed 4 Nov 2026, 13:00 CET.</p>" in page.read_text()
    code, out, _ = call(capsys, "extend", "embeddings", "ada", "--until", "2026-11-03 08:00")
    assert "is due Tue 3 Nov 2026, 08:00 CET, 8 h later than for others, in place of Wed 4 Nov" in out
    code, out, _ = call(capsys, "extend", "embeddings", "ada", "--take-back")
    assert "is due Mon 2 Nov 2026, 23:59 CET, as for everyone, in place of Tue 3 Nov 2026, 08:00 CET" in out
    assert call(capsys, "grade", "embeddings", "--jobs", "1")[0] == 0
    assert standings.read(course, "embeddings")["ada"].penalty == 6
    assert (
        "on Wed 4 Nov 2026, 13:00 CET. It came 1 day 13 h after Mon 2 Nov 2026, 23:59 CET, when it was due.</p>"
        in page.read_text()
    )
    assert "<b>Handed in late</b>: 6 points less. Late work earns nothing.</li>" in page.read_text()


@pytest.mark.parametrize(
    ("due", "until", "told"),
    [
        ("2026-11-02T23:59:00", "2026-11-04", "Wed 4 Nov 2026, 23:59 CET, 2 days later than for others"),
        ("2026-11-02T23:59:00", "2026-11-02", "an extension ends after the due date, Mon 2 Nov 2026, 23:59 CET"),
        ("2026-11-02T23:58:59", "2026-11-02", "Mon 2 Nov 2026, 23:59 CET, 1 min later than for others"),
        ("2026-11-02T12:00:00", "2026-11-02", "Mon 2 Nov 2026, 23:59 CET, 11 h 59 min later than for others"),
    ],
)  # fmt: skip
def test_a_day_ends_as_the_one_does_on_which_it_was_due(
    capsys: pytest.CaptureFixture[str], course: Path, due: str, until: str, told: str
) -> None:
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace("due = 2026-11-02", f"due = {due}"))
    _, out, err = call(capsys, "extend", "embeddings", "ada", "--until", until, "--dry-run")
    assert told in out + err


def test_whoever_has_time_yet_has_not_handed_in_nothing(
    capsys: pytest.CaptureFixture[str], course: Path
) -> None:
    for due, told in (
        ("2999-11-02", "1 student handed in nothing yet, and it is not due: ada"),
        ("1999-11-02", "1 student handed in nothing: ada"),
    ):
        text = (course / "course.toml").read_text()
        (course / "course.toml").write_text(re.sub(r"due = \S+", f"due = {due}", text))
        assert told in call(capsys, "grade", "embeddings", "--dry-run")[1].splitlines()


@pytest.mark.parametrize(
    ("length", "due"),
    [
        (["--days", "2"], "12:00 CET, 2 days 1 h later"),
        (["--days", "2", "--hours", "3"], "15:00 CET, 2 days 4 h later"),
        (["--hours", "48"], "11:00 CET, 2 days later"),
    ],
)
def test_days_end_at_the_hour_at_which_it_was_due_in_winter_too(
    capsys: pytest.CaptureFixture[str], course: Path, length: list[str], due: str
) -> None:
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace("due = 2026-11-02", "due = 2026-10-24T12:00:00"))
    code, out, _ = call(capsys, "extend", "embeddings", "ada", *length, "--dry-run")
    assert (code, out.splitlines()[0]) == (
        0,
        f"ada: embeddings is due Mon 26 Oct 2026, {due} than for others",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["embeddings", "adda", "--days", "1"], "no student 'adda' in this course (did you mean 'ada'?)"),
        (["embeddings", "ada"], "say how long: --days N, --hours N, --until DATE, or --take-back"),
        (["embeddings", "ada", "--days", "1", "--take-back"], "say how long"),
        (["embeddings", "ada", "--days", "1", "--until", "2026-11-09"], "say how long"),
        (["embeddings", "ada", "--until", "Monday"], "--until 'Monday' is no date: expected one such as"),
        (["embeddings", "ada", "--until", "2026-11-02"], "an extension ends after the due date, Mon 2 Nov 2026, 23:59 CET"),
        (["embeddings", "ada", "--days", "1e300"], "an extension ends after the due date"),
        (["embeddings", "ada", "--days", "nan"], "an extension ends after the due date"),
        (["self-attention", "ada", "--days", "1"], "self-attention has no due date, so there is nothing to extend"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], course: Path, arguments: list[str], told: str
) -> None:
    code, out, err = call(capsys, "extend", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"autograder: {told}")
    assert err.count("\n") == 1
    assert not (course / "gradebook.db").exists()

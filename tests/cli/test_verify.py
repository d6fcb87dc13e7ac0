"""What `verify` says of a unit in least form; what it proves is shown by tests/authoring/test_verify.py."""

from __future__ import annotations

from pathlib import Path

import least_form
import pytest

from autograder.cli import app


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        app.main(list(words))
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err  # type: ignore[return-value]


def test_where_nothing_is_written_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    least_form.course(tmp_path, least_form.SCORES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    code, out, _ = call(capsys, "verify", "--students", "0", "--mistakes", "0")
    assert code == 0
    assert out.count("none written") == 3
    assert not (tmp_path / "assignments").exists()


def test_it_stops_at_the_first_cause_of_what_cannot_be_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    least_form.course(tmp_path, least_form.SCORES)
    lesson = tmp_path / "solutions/least/least.py"
    lesson.write_text(lesson.read_text().replace('"points": 3', '"points": 4'))
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, "verify", "least")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "solutions/least/least.py:15" in err
    assert "4 here and 3 in course.toml: make them agree" in err

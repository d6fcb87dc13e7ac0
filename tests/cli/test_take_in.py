"""`autograder import`: what is told of a download."""

from __future__ import annotations

from pathlib import Path

import pytest
from archived import ROSTER, notebook, zipped
from calling import call

UNIT = "self-attention"


@pytest.fixture
def course(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text(f'roster = "roster.csv"\n{text}')
    (course_folder / "roster.csv").write_text(ROSTER)
    monkeypatch.chdir(course_folder)
    return course_folder


def test_what_came_is_told_by_what_became_of_it(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "lovelaceada_101_900_a.ipynb": notebook("ada"),
        "leebo_LATE_102_901_a.ipynb": notebook("bo"),
        "[bold]doe_555_902_a.ipynb": notebook("doe"),
        "oneilzoë_104_903_a.txt": "no notebook",
    }
    zipped(files, course / "c.zip")
    code, out, _ = call(capsys, "import", UNIT, "c.zip", "--dry-run")
    assert code == 0
    assert out.splitlines()[:4] == [
        "  ada  time not known                    lovelaceada_101_900_",
        "  bo   late                              leebo_LATE_102_901_",
        "Canvas: 3 submissions, and nothing is written",
        "✓ 2 new: ada, bo",
    ]
    assert "nobody on the roster is called “[bold]doe”" in out.splitlines()[-1], (
        "what is to be seen to is last"
    )
    assert not (course / "submitted").exists()
    code, out, _ = call(capsys, "import", UNIT, "c.zip")
    assert code == 0
    assert out.splitlines() == [
        "Canvas: 3 submissions",
        "✓ 2 new: ada, bo",
        "late by Canvas, which does not say how late: bo: the unit has no due date here; write timestamp.txt beside the work "
        "where you know better",
        "· 1 without a notebook or zip: oneilzoë_104_903_",
        "✗ 1 is not known whose, and kept in imported/ until a later import of it can tell:",
        "  [bold]doe_555_902_: nobody on the roster is called “[bold]doe”, or has what the download says of them",
        "graded by: autograder grade self-attention",
    ]
    assert call(capsys, "import", UNIT, "c.zip")[1].splitlines()[:2] == [
        "Canvas: 3 submissions",
        "· 2 there already: ada, bo",
    ]


def test_attempts_are_told(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def blackboard(*days: int) -> None:
        files = {f"HW_al23_attempt_2026-03-{day:02}-12-00-00_a.ipynb": notebook(str(day)) for day in days}
        zipped(files, course / "b.zip")

    blackboard(2, 3)
    listed = call(capsys, "import", UNIT, "b.zip", "--dry-run")[1].splitlines()[0]
    assert listed == "  ada  Tue 3 Mar 2026, 12:00 UTC         HW_al23_attempt_2026-03-03-12-00-00"
    text = (course / "course.toml").read_text()
    due = text.replace(f'name = "{UNIT}"', f'name = "{UNIT}"\ndue = 2026-03-03T12:00:00+01:00', 1)
    (course / "course.toml").write_text(due)
    listed = call(capsys, "import", UNIT, "b.zip", "--dry-run")[1].splitlines()[0]
    assert listed == "  ada  Tue 3 Mar 2026, 12:00 UTC, late   HW_al23_attempt_2026-03-03-12-00-00"
    (course / "course.toml").write_text(text)
    assert "· 1 earlier attempt of ada: kept in imported/" in call(capsys, "import", UNIT, "b.zip")[1]
    blackboard(4)
    assert "✓ 1 newer than what was there" in call(capsys, "import", UNIT, "b.zip")[1]
    blackboard(1)
    assert "· 1 older than what is there" in call(capsys, "import", UNIT, "b.zip")[1]


def test_very_many_lines_are_cut(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {f"doe{number}_9{number:03}_{number}_a.ipynb": notebook() for number in range(40)}
    zipped({**files, "lovelaceada_101_900_a.ipynb": notebook("ada")}, course / "c.zip")
    out = call(capsys, "import", UNIT, "c.zip")[1]
    assert "and 10 more such lines" in out


def test_what_is_wrong_is_one_line(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "c.zip").write_bytes(b"no zip")
    code, _, err = call(capsys, "import", UNIT, "c.zip")
    assert (code, err) == (2, "autograder: c.zip: it is no zip, or a damaged one: download it again\n")
    assert call(capsys, "import", UNIT, "nowhere.zip")[0] == 2
    zipped({"ada/a.txt": "x"}, course / "c.zip")
    code, _, err = call(capsys, "import", UNIT, "c.zip")
    assert code == 2
    assert "say it with --from (canvas, moodle, gradescope, blackboard, ilias, plain)" in err

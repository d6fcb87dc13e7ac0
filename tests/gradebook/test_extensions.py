"""Extensions, through nbgrader's own eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from entered import CONFIG, FULL, UNIT, UNIT_NAME, entry, release
from nbgrader import api

from autograder.errors import AutograderError
from autograder.gradebook import bookkeeping, drift, extensions, results, standings
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
DATED = replace(UNIT, due=DUE)


def duedates(out: Path) -> dict[str, datetime]:
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        return {one.student_id: one.duedate for one in book.assignment_submissions(UNIT_NAME)}


def test_more_time_before_anything_is_there(tmp_path: Path, release: Path) -> None:
    extensions.give(tmp_path, DATED, {"ada": timedelta(days=2), "bo": None}, [releases.read(release)])
    noon = datetime(2026, 3, 1, 12)
    assert duedates(tmp_path) == {"ada": noon + timedelta(days=2)}
    assert standings.read(tmp_path, UNIT_NAME) == {}  # nobody has handed in
    extensions.give(
        tmp_path, DATED, {"ada": timedelta(hours=1)}, [releases.read(release)]
    )  # in place of the other
    assert duedates(tmp_path) == {"ada": noon + timedelta(hours=1)}
    extensions.give(tmp_path, DATED, {"ada": None}, [releases.read(release)])
    assert duedates(tmp_path) == {"ada": noon}


def test_being_late_is_worked_out_anew_for_work_that_was_entered(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text(CONFIG)
    late = entry(tmp_path, "ada", FULL, timestamp="2026-03-03 12:00:00.000000 UTC")
    kept = {"ada": results.read(_keep(tmp_path, late))}
    assert kept["ada"] is not None
    folders = {"ada": tmp_path / "submitted" / "ada" / UNIT_NAME}

    def regrade() -> float:
        behind = drift.behind(tmp_path, DATED, kept, folders, config)  # type: ignore[arg-type]
        bookkeeping.write(tmp_path, DATED, [late] if behind else [], [releases.read(release)], config=config)
        return standings.read(tmp_path, UNIT_NAME)["ada"].penalty

    assert regrade() == 2.0
    for extension, penalty in ((timedelta(days=2), 0.0), (timedelta(days=1), 1.0), (None, 2.0)):
        extensions.give(tmp_path, DATED, {"ada": extension}, [releases.read(release)], config=config)
        assert regrade() == penalty
        assert regrade() == penalty


def _keep(out: Path, late: bookkeeping.Entry) -> Path:
    place = results.path(out, UNIT_NAME, "ada")
    results.write_all([(place, results.encode(late.report))])
    return place


def test_a_gradebook_that_cannot_be_used_is_told(tmp_path: Path, release: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"this is no database at all, and long enough to be none")
    with pytest.raises(AutograderError, match=r"gradebook.db: damaged"):
        extensions.give(tmp_path, DATED, {"ada": timedelta(days=1)}, [releases.read(release)])

"""Late penalties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from entered import CONFIG, FULL, PART, UNIT, UNIT_NAME, entry, release
from nbgrader import api

from autograder.errors import CourseError
from autograder.gradebook import bookkeeping
from autograder.records import Unit

__all__ = ["release"]  # a fixture


def test_late_penalties_follow_the_courses_policy_and_extensions(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text(CONFIG)
    unit = Unit(UNIT.name, UNIT.title, UNIT.functions, due=datetime(2026, 3, 1, 12, tzinfo=UTC))

    def regrade() -> dict[str, float | None]:
        stamps = {
            "early": "2026-03-01 11:59:00 UTC",
            "late": "2026-03-03 12:00:00.000000 UTC",
            "extended": "2026-03-03 12:00:00.000000 UTC",
            "hopeless": "2026-06-03 12:00:00.000000 UTC",
            "odd": "the dog ate it",
        }
        entries = [entry(tmp_path, student, PART, timestamp=stamp) for student, stamp in stamps.items()]
        bookkeeping.write(tmp_path, unit, entries, release, config=config)
        with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
            notebooks = book.notebook_submissions(UNIT_NAME, UNIT_NAME)
            assert book.find_assignment(UNIT_NAME).course_id == "attention"
            return {notebook.student.id: notebook.late_submission_penalty for notebook in notebooks}

    assert regrade() == {"early": None, "late": 2.0, "extended": 2.0, "hopeless": 3.5, "odd": None}
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.find_submission(UNIT_NAME, "extended").extension = timedelta(days=7)
        book.db.commit()
    assert regrade() == {"early": None, "late": 2.0, "extended": None, "hopeless": 3.5, "odd": None}


def test_a_broken_config_is_named(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text("raise RuntimeError('half written')")
    with pytest.raises(CourseError, match=r"nbgrader_config.py: RuntimeError: half written"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release, config=config)

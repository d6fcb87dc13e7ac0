"""Late penalties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from entered import CONFIG, FULL, PART, UNIT, UNIT_NAME, entry, release
from nbgrader import api

from autograder.errors import CourseError
from autograder.gradebook import bookkeeping, drift, penalties, results
from autograder.gradebook import released as releases
from autograder.lateness import Late
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
        bookkeeping.write(tmp_path, unit, entries, [releases.read(release)], config=config)
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
        bookkeeping.write(
            tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)], config=config
        )


def test_what_course_toml_says_counts_where_the_config_has_no_policy(tmp_path: Path, release: Path) -> None:
    config, late = tmp_path / "nbgrader_config.py", Late(per_day=0.1, grace_minutes=15)
    unit = Unit(UNIT.name, UNIT.title, UNIT.functions, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
    config.write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'none'\n")
    stamps = {
        "early": "2026-03-01 11:59:00.000000 UTC",
        "grace": "2026-03-01 12:15:00.000000 UTC",
        "late": "2026-03-01 12:15:01.000000 UTC",
        "two": "2026-03-02 12:00:01.000000 UTC",
    }
    entries = [entry(tmp_path, student, PART, timestamp=stamp) for student, stamp in stamps.items()]
    kept = {}
    for one in entries:
        place = results.path(tmp_path, UNIT_NAME, one.report.student)
        results.write_all([(place, results.encode(one.report))])
        kept[one.report.student] = results.read(place)
    folders = {one.report.student: one.folder for one in entries}

    def regrade(late: Late | None) -> tuple[list[str], dict[str, float | None]]:
        behind = drift.behind(tmp_path, unit, kept, folders, config, late)  # type: ignore[arg-type]
        bookkeeping.write(
            tmp_path,
            unit,
            [one for one in entries if one.report.student in behind],
            [releases.read(release)],
            config=config,
            late=late,
        )
        assert drift.behind(tmp_path, unit, kept, folders, config, late) == []  # type: ignore[arg-type]
        with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
            notebooks = book.notebook_submissions(UNIT_NAME, UNIT_NAME)
            return behind, {one.student.id: one.late_submission_penalty for one in notebooks}

    behind, lost = regrade(late)
    assert behind == list(stamps)
    assert lost == {"early": None, "grace": 0.0, "late": 0.35, "two": 0.7}
    assert penalties.words(config, late).startswith("Each day begun")
    assert penalties.disregarded(config, late) == ""
    # A policy that has changed is followed, by those whom it touches.
    behind, lost = regrade(Late(per_day=0.5))
    assert behind == ["grace", "late", "two"]
    assert lost == {"early": None, "grace": 1.75, "late": 1.75, "two": 3.5}
    # One of the course's own goes before it.
    config.write_text(CONFIG)
    assert regrade(late)[1] == pytest.approx(
        {"early": None, "grace": 900 / 86400, "late": 901 / 86400, "two": 1 + 1 / 86400}
    )
    assert penalties.words(config, late) == ""
    assert penalties.disregarded(config, late) == (
        "[late] in course.toml does not count: nbgrader_config.py sets a policy of its own (plugin_class), and that is "
        "followed; take one of them out"
    )
    config.write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert regrade(late)[1] == {"early": None, "grace": 3.5, "late": 3.5, "two": 3.5}
    assert penalties.words(config, late) == "Late work earns nothing"
    assert "(penalty_method)" in penalties.disregarded(config, late)
    assert penalties.disregarded(config, None) == ""
    config.write_text("1 / 0")
    assert penalties.words(config, late) == ""

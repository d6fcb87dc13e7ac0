"""A gradebook that a server of PostgreSQL has, as nbgrader's configuration names it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import postgresql
import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, entry, release, with_question
from nbgrader import api
from nbgrader.plugins import CsvExportPlugin
from released import released
from sqlalchemy import create_engine, text

from autograder.course.roster import Student
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import (
    address,
    arrangements,
    backups,
    bookkeeping,
    copies,
    drift,
    enrolment,
    extensions,
    handwork,
    looking,
    migration,
    persons,
    receipts,
    results,
    standings,
)
from autograder.gradebook import released as releases
from autograder.lateness import Late

__all__ = ["release"]  # a fixture

_DUE = replace(UNIT, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
_LATE = Late(per_day=0.1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


@pytest.fixture
def out(server: str, tmp_path: Path) -> Path:
    """A course folder whose gradebook is an empty database of the server's."""
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'attention'\nc.CourseDirectory.db_url = {server!r}\n"
    )
    return tmp_path


@contextmanager
def book(out: Path) -> Iterator[api.Gradebook]:
    with api.Gradebook(address.of(out / "gradebook.db"), "attention") as opened:
        yield opened
    opened.engine.dispose()


def enter(out: Path, release: Path, marks: Mapping[str, Mapping[str, float]], at: str | None = None) -> None:
    entries = [entry(out, student, scores, timestamp=at) for student, scores in marks.items()]
    config = out / "nbgrader_config.py"
    bookkeeping.write(out, _DUE, entries, [releases.read(release)], config=config, late=_LATE)


def give(out: Path, student: str, cell: str, score: float) -> None:
    with book(out) as opened:
        grade = opened.find_grade(cell, UNIT_NAME, UNIT_NAME, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        opened.db.commit()


@pytest.mark.slow
def test_marks_are_where_nbgrader_reads_them_and_people_keep_theirs(out: Path, release: Path) -> None:
    late = "2026-03-02 10:00:00.000000 UTC"
    enter(out, release, {"ada": PART, "bo": FULL}, late)
    assert not (out / "gradebook.db").exists()
    give(out, "ada", "why-sqrt-d_k", 1.5)
    enter(out, release, {"ada": FULL}, late)
    with book(out) as opened:
        plugin = CsvExportPlugin()
        plugin.to = str(out / "grades.csv")
        plugin.export(opened)
        assert opened.find_assignment(UNIT_NAME).course_id == "attention"
    with open(out / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert [rows["ada"][name] for name in ("raw_score", "late_submission_penalty")] == ["7.5", "0.75"]
    standing = standings.read(out, UNIT_NAME)["ada"]
    assert standing.score == 6.75
    assert [mark.name for mark in standing.marks] == ["check-scaled_scores", "check-softmax", "why-sqrt-d_k"]
    assert handwork.said(handwork.read(out / "gradebook.db") or {}) == "1 mark, 0 comments and 0 extensions"


def test_what_is_looked_at_is_seen(out: Path, release: Path) -> None:
    gradebook, config = out / "gradebook.db", out / "nbgrader_config.py"
    assert not handwork.holds_work(gradebook)
    assert looking.counter(gradebook) is None
    enrolment.enrol(out, [Student("ada", "Ada", "Lovelace"), Student("cy")])
    assert enrolment.has_enrolled(out, [Student("ada", "Ada", "Lovelace")])
    assert [student.id for student in standings.students(out)] == ["ada", "cy"]
    at = "2026-03-02 10:00:00.000000 UTC"
    enter(out, release, {"ada": PART}, at)
    extensions.give(out, _DUE, {"ada": timedelta(days=2), "cy": timedelta(hours=1)}, [releases.read(release)])
    assert handwork.holds_work(gradebook)
    assert receipts.entered(gradebook, UNIT_NAME)["ada"] == datetime(2026, 3, 2, 10)
    assert receipts.entered(gradebook, UNIT_NAME, ["ada"]) == {"ada": datetime(2026, 3, 2, 10)}
    assert receipts.entered(gradebook, UNIT_NAME, ["bo"]) == {}
    assert {item.student for item in handwork.read(gradebook, UNIT_NAME, ["cy", "bo"]) or {}} == {"cy"}
    arranged = arrangements.read(out, out, _DUE)
    assert arranged.of("ada").due == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert handwork.said(handwork.read(gradebook) or {}) == "0 marks, 0 comments and 2 extensions"
    kept = results.ResultFile(1, UNIT_NAME, "ada", 3.5, 6.0, "graded", [], submission="one")
    folder = {"ada": out / "submitted" / "ada" / UNIT_NAME}

    def behind() -> list[str]:
        return drift.behind(out, _DUE, {"ada": kept}, folder, config, _LATE)

    assert behind() == ["ada"], "it is not late any more"
    enter(out, release, {"ada": PART}, at)
    assert behind() == []
    other = out / "other" / release.name
    other.parent.mkdir()
    other.write_text(json.dumps(with_question(released())))
    change = migration.foreseen(gradebook, [releases.read(other)], UNIT_NAME)
    assert change is not None
    assert list(change.entering) == ["why-softmax"]


def test_one_student_is_read_renamed_and_taken_out(out: Path, release: Path) -> None:
    gradebook = out / "gradebook.db"
    enter(out, release, {"ada": PART, "bo": FULL})
    persons.rename(gradebook, "ada", "lovelace")
    held = persons.read(gradebook, "lovelace")
    assert held["units"][0]["unit"] == UNIT_NAME
    assert len(held["units"][0]["cells"]) == 6
    assert persons.read(gradebook, "ada") == {}
    persons.rename(gradebook, "nobody", "somebody")
    persons.remove(gradebook, "lovelace")
    assert set(standings.read(out, UNIT_NAME)) == {"bo"}


def test_copies_are_files_and_are_put_back(out: Path, release: Path) -> None:
    enter(out, release, {"ada": PART})
    give(out, "ada", "why-sqrt-d_k", 1.5)
    assert backups.is_behind(out)
    copy = backups.backup(out)
    assert copy is not None
    assert not backups.is_behind(out)
    assert backups.backup(out) == copy, "nothing has changed"
    give(out, "ada", "why-sqrt-d_k", 0.5)
    restored = backups.restore(out, backups.chosen(out, copy.name))
    assert restored.replaced is not None
    with book(out) as opened:
        assert opened.find_grade("why-sqrt-d_k", UNIT_NAME, UNIT_NAME, "ada").manual_score == 1.5
    marks = standings.read(out, UNIT_NAME)["ada"].marks
    assert [mark.name for mark in marks] == ["check-scaled_scores", "check-softmax", "why-sqrt-d_k"]
    with book(out) as opened:
        opened.remove_student("ada")
    with pytest.raises(AutograderError, match=r"is new and holds nobody's work, and .* holds 1 mark,"):
        copies.refuse_gone(out / "gradebook.db")


def test_what_another_program_holds_is_waited_for_and_then_named(
    out: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.2)
    enter(out, release, {"ada": PART})
    with book(out) as formgrader:
        formgrader.db.execute(text("LOCK TABLE grade"))
        with pytest.raises(AutograderError, match=r"postgresql://course@.*locked by another program"):
            enter(out, release, {"ada": FULL})
        formgrader.db.rollback()


def test_a_server_that_is_not_there_is_named(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    url = f"postgresql://course:secret@/postgres?host={tmp_path}"
    config.write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
    with pytest.raises(AutograderError, match=r"postgresql://course:\*\*\*@.*see to the server") as told:
        bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    assert "secret" not in str(told.value)
    for url, why in (
        ("mysql://course@/grades", "of servers, PostgreSQL alone is known"),
        ("postgresql+pg8000://course@/grades", "needs pg8000, which is not installed"),
        ("postgresql+nothing://", "db_url: "),
        ("sqlite:////srv/other.db", "names another file than gradebook.db"),
    ):
        config.write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
        with pytest.raises(CourseError, match=why):
            bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
        assert handwork.read(tmp_path / "gradebook.db") is None
    config.write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///gradebook.db'\n")
    assert address.of(tmp_path / "gradebook.db") is None

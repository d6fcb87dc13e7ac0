"""A gradebook that is gone while copies of it are there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from entered import PART, UNIT, UNIT_NAME, entry, extend, give, release
from nbgrader import api
from nbgrader_run import at_home

from autograder.errors import AutograderError
from autograder.gradebook import backups, bookkeeping, copies, enrolment, standings
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


@pytest.fixture
def lost(tmp_path: Path, release: Path) -> Path:
    """A folder whose gradebook is gone, with a mark and an extension in the one copy."""
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    extend(tmp_path, "ada", 1)
    backups.backup(tmp_path)
    (tmp_path / "gradebook.db").unlink()
    return tmp_path


def test_no_new_gradebook_takes_the_place_of_one_with_what_people_gave(lost: Path, release: Path) -> None:
    told = r"gradebook.db is not there, and gradebook-backups/gradebook-.*Z.db beside it holds 1 mark, 0 comments "
    told += (
        r"and 1 extension given by hand: `autograder restore --out .*` puts that back; to go on without, move"
    )
    for use in (
        lambda: bookkeeping.write(lost, UNIT, [entry(lost, "bo", PART)], [releases.read(release)]),
        lambda: enrolment.enrol(lost, []),
        lambda: standings.read(lost, UNIT_NAME),
    ):
        with pytest.raises(AutograderError, match=told):
            use()
    assert not (lost / "gradebook.db").exists()
    (lost / "course.toml").touch()
    assert "`autograder restore` puts" in copies.gone(lost / "gradebook.db")
    (lost / "gradebook-backups").rename(lost / "away")
    bookkeeping.write(lost, UNIT, [entry(lost, "bo", PART)], [releases.read(release)])


def test_a_new_gradebook_that_another_program_made_is_none(
    lost: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(lost / "home", monkeypatch)
    with api.Gradebook(f"sqlite:///{lost / 'gradebook.db'}") as book:  # as formgrader does when it is opened
        book.update_or_create_student("ada")
    with pytest.raises(AutograderError, match=r"gradebook.db is new and holds nobody's work, and"):
        bookkeeping.write(lost, UNIT, [], [releases.read(release)])
    backups.restore(lost, backups.chosen(lost, None))
    bookkeeping.write(lost, UNIT, [], [releases.read(release)])
    assert copies.gone(lost / "gradebook.db") == ""


def test_copies_in_which_nobody_gave_anything_hold_nothing_back(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    backups.backup(tmp_path)
    (tmp_path / "gradebook.db").unlink()
    assert copies.gone(tmp_path / "gradebook.db") == ""
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])


def test_the_best_copy_is_the_newest_in_which_a_person_gave_anything(lost: Path, release: Path) -> None:
    gradebook = lost / "gradebook.db"
    (marked,) = copies.every(gradebook)
    (lost / "gradebook-backups").rename(lost / "away")
    bookkeeping.write(lost, UNIT, [entry(lost, "ada", PART)], [releases.read(release)])
    backups.backup(lost)
    (other,) = copies.every(gradebook)
    marked = (lost / "away" / marked.name).rename(other.parent / marked.name)
    assert copies.every(gradebook) == [marked, other]
    best = copies.best(gradebook)
    assert best is not None
    assert best.path == marked


def test_a_copy_that_a_person_made_has_its_place_by_its_time(tmp_path: Path) -> None:
    (tmp_path / "gradebook-backups").mkdir()
    by_time = [copies.name(datetime(2026, month, 1, tzinfo=UTC)) for month in (1, 3)]
    for name in (*by_time, "gradebook-before-the-exam.db"):
        (tmp_path / "gradebook-backups" / name).touch()
    february = datetime(2026, 2, 1, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "gradebook-backups" / "gradebook-before-the-exam.db", (february, february))
    assert [path.name for path in copies.every(tmp_path / "gradebook.db")] == [
        by_time[0], "gradebook-before-the-exam.db", by_time[1]
    ]  # fmt: skip

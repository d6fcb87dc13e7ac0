"""Copies of the gradebook."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from entered import FULL, PART, UNIT, entry, extend, give, grades, release, say
from ordinary import without_powers

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import backups, bookkeeping, copies, handwork, looking
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


def test_backups_are_kept_a_number_of_times(tmp_path: Path, release: Path) -> None:
    assert backups.backup(tmp_path) is None
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    first = backups.backup(tmp_path, keep=2)
    assert first is not None
    assert backups.backup(tmp_path, keep=2) == first, "nothing has changed"
    assert backups.backup(tmp_path, keep=0) is None
    made = [first]
    for student in ("bo", "cy"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, student, FULL)], [releases.read(release)])
        copy = backups.backup(tmp_path, keep=2)
        assert copy is not None
        made.append(copy)
    assert sorted((tmp_path / "gradebook-backups").iterdir()) == made[1:]


def test_a_backup_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"no backup could be made .* nothing was changed"):
        backups.backup(tmp_path)
    assert list((tmp_path / "gradebook-backups").iterdir()) == []


def test_a_backup_does_not_wait_for_ever(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.3)
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    formgrader.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AutograderError, match=r"no backup could be made .*locked"):
        backups.backup(tmp_path)
    formgrader.execute("ROLLBACK")
    formgrader.execute("BEGIN IMMEDIATE")
    assert backups.backup(tmp_path) is not None, "who writes does not keep from reading"
    formgrader.close()


def backed_up(out: Path, keep: int = 2) -> Path:
    copy = backups.backup(out, keep=keep)
    assert copy is not None
    return copy


def left(out: Path) -> list[Path]:
    return list(copies.every(out / "gradebook.db"))


def test_a_copy_that_alone_holds_what_a_person_gave_stays(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    say(tmp_path, "ada", "softmax", "Nearly.")
    marked = backed_up(tmp_path)
    os.rename(tmp_path / "gradebook-backups", tmp_path / "away")  # as whoever starts a new one is told to
    (tmp_path / "gradebook.db").unlink()
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    os.rename(tmp_path / "away", tmp_path / "gradebook-backups")
    made = []
    for number in range(4):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, f"bo{number}", FULL)], [releases.read(release)])
        made.append(backed_up(tmp_path))
    assert left(tmp_path) == [marked, *made[2:]]
    # Another value for the same thing is a person's, too: then the copy has nothing alone any more, and goes.
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=2.0)
    made.append(backed_up(tmp_path))
    assert left(tmp_path) == [marked, *made[3:]], "the comment is there alone"
    say(tmp_path, "ada", "softmax", "Better.")
    made.append(backed_up(tmp_path))
    assert left(tmp_path) == made[4:]


def test_what_people_gave_since_the_newest_copy_is_seen(tmp_path: Path, release: Path) -> None:
    assert not backups.is_behind(tmp_path)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    assert not backups.is_behind(tmp_path), "nobody has given anything"
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    assert backups.is_behind(tmp_path)
    backed = backed_up(tmp_path)
    assert not backups.is_behind(tmp_path)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], [releases.read(release)])
    assert not backups.is_behind(tmp_path), "that can be made again"
    extend(tmp_path, "bo", 1)
    assert backups.is_behind(tmp_path)
    for path in (tmp_path / "gradebook.db", backed):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert backups.is_behind(tmp_path), "in the same second, as some disks have them"


def test_a_gradebook_that_is_gone_is_put_back_as_it_was(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    marked = backed_up(tmp_path)
    (tmp_path / "gradebook.db").unlink()
    (tmp_path / "gradebook.db-journal").write_bytes(b"of a program that was killed")
    done = backups.restore(tmp_path, backups.chosen(tmp_path, None))
    assert (done.copy.path, done.replaced, done.lacking) == (marked, None, ())
    assert (tmp_path / "gradebook.db").read_bytes() == marked.read_bytes()
    assert not (tmp_path / "gradebook.db-journal").exists()
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert grades(tmp_path, "ada")["why-sqrt-d_k"].manual_score == 1.5


def test_what_a_copy_takes_the_place_of_is_kept_and_told(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    first = backed_up(tmp_path)
    give(tmp_path, "ada", "check-softmax", manual_score=2.0)
    say(tmp_path, "ada", "softmax", "Nearly.")
    done = backups.restore(tmp_path, backups.chosen(tmp_path, first.name))
    assert handwork.said(done.lacking) == "1 mark, 1 comment and 0 extensions"
    assert done.replaced is not None
    assert len(handwork.read(done.replaced) or ()) == 3
    assert len(handwork.read(tmp_path / "gradebook.db") or ()) == 1
    again = backups.restore(tmp_path, backups.chosen(tmp_path, str(done.replaced)))
    assert (again.lacking, len(handwork.read(tmp_path / "gradebook.db") or ())) == ((), 3)


def test_a_damaged_gradebook_is_set_aside(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    backed_up(tmp_path)
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"damaged .*: `autograder restore` puts back a copy"):
        bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    done = backups.restore(tmp_path, backups.chosen(tmp_path, None))
    assert done.replaced is not None
    assert done.replaced.read_bytes() == b"x" * 8192
    assert done.replaced not in left(tmp_path)
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 0.5


def test_a_copy_that_is_damaged_or_not_there_is_not_put_back(tmp_path: Path, release: Path) -> None:
    with pytest.raises(CourseError, match=r"gradebook-backups: no copy of the gradebook is there"):
        backups.chosen(tmp_path, None)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    copy = backed_up(tmp_path)
    with pytest.raises(CourseError, match=r"no copy 'gradebook-2.db' in .*--dry-run` lists"):
        backups.chosen(tmp_path, "gradebook-2.db")
    before = (tmp_path / "gradebook.db").read_bytes()
    for content in (b"x" * 8192, b"", before[: len(before) // 2]):
        copy.write_bytes(content)
        with pytest.raises(AutograderError, match=r"it cannot be put back \(.+\): name another"):
            backups.restore(tmp_path, backups.chosen(tmp_path, copy.name))
        assert (tmp_path / "gradebook.db").read_bytes() == before


def test_a_gradebook_in_use_is_not_replaced(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.3)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    backed_up(tmp_path)
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    formgrader.execute("BEGIN IMMEDIATE")
    with pytest.raises(AutograderError, match=r"used by another program: close formgrader"):
        backups.restore(tmp_path, backups.chosen(tmp_path, None))
    formgrader.close()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    backed_up(tmp_path)
    tmp_path.chmod(0o500)
    try:
        with (
            without_powers(),
            pytest.raises(AutograderError, match=r"cannot be written .* nothing was put back"),
        ):
            backups.restore(tmp_path, backups.chosen(tmp_path, None))
    finally:
        tmp_path.chmod(0o700)

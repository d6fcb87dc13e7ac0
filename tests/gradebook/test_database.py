"""Gradebooks that cannot be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from entered import FULL, UNIT, entry, grades, release

from autograder.errors import AutograderError
from autograder.gradebook import bookkeeping, looking
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


def test_a_gradebook_of_an_older_nbgrader_is_named(tmp_path: Path, release: Path) -> None:
    with sqlite3.connect(tmp_path / "gradebook.db") as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.execute("INSERT INTO alembic_version VALUES ('167914646830')")
    old.close()
    with pytest.raises(
        AutograderError, match=r"another version of nbgrader \(167914646830\).*nbgrader db upgrade"
    ):
        bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    with sqlite3.connect(tmp_path / "gradebook.db") as old:
        old.execute("DROP TABLE alembic_version")
        old.execute("CREATE TABLE grade (id VARCHAR(32))")
    old.close()
    with pytest.raises(AutograderError, match=r"before 0.6"):
        bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])


def test_a_file_that_is_no_database_is_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"gradebook.db: damaged \(file is not a database\)"):
        bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])


def test_a_gradebook_that_cannot_be_written_is_named(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    (
        tmp_path / "gradebook.db-journal"
    ).mkdir()  # root may write to any file, but not start SQLite's journal here
    with pytest.raises(AutograderError, match=r"gradebook.db: cannot be written"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])


def test_an_empty_file_becomes_a_gradebook(tmp_path: Path, release: Path) -> None:
    (tmp_path / "gradebook.db").touch()
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0


def test_a_locked_gradebook_is_waited_for_and_then_named(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.3)
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    for hold in ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM grade"):
        for statement in hold.split("; "):
            formgrader.execute(statement)
        with pytest.raises(AutograderError, match=r"locked by another program"):
            bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
        formgrader.execute("ROLLBACK")
    formgrader.close()
    assert not (tmp_path / "autograded").exists()
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])


def test_no_program_on_the_path_is_needed(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # nbgrader itself calls alembic for a new gradebook
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0

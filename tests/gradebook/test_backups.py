"""Copies of the gradebook."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from entered import FULL, PART, UNIT, entry, release
from nbgrader import api

from autograder.errors import AutograderError
from autograder.gradebook import backups, bookkeeping

__all__ = ["release"]  # a fixture


def test_backups_are_kept_a_number_of_times(tmp_path: Path, release: Path) -> None:
    assert backups.backup(tmp_path) is None
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    first = backups.backup(tmp_path, keep=2)
    assert first is not None
    assert backups.backup(tmp_path, keep=2) == first, "nothing has changed"
    assert backups.backup(tmp_path, keep=0) is None
    copies = [first]
    for student in ("bo", "cy"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, student, FULL)], release)
        copy = backups.backup(tmp_path, keep=2)
        assert copy is not None
        copies.append(copy)
    assert sorted((tmp_path / "gradebook-backups").iterdir()) == copies[1:]
    os.replace(copies[1], tmp_path / "gradebook.db")  # how to restore
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == {"ada", "bo"}


def test_a_backup_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"no backup could be made .* nothing was changed"):
        backups.backup(tmp_path)
    assert list((tmp_path / "gradebook-backups").iterdir()) == []


def test_a_backup_does_not_wait_for_ever(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [], release)
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    formgrader.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AutograderError, match=r"no backup could be made .*locked"):
        backups.backup(tmp_path, patience=0.3)
    formgrader.execute("ROLLBACK")
    formgrader.execute("BEGIN IMMEDIATE")
    assert backups.backup(tmp_path, patience=0.3) is not None, "who writes does not keep from reading"
    formgrader.close()

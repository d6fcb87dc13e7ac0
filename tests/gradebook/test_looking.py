"""A gradebook that is only looked at, as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from autograder.gradebook import looking


def test_it_is_looked_at_and_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "a gradebook.db"
    with pytest.raises(sqlite3.OperationalError), looking.at(path):
        pass
    assert not path.exists()
    book = sqlite3.connect(path)
    book.execute("CREATE TABLE student (id)")
    with looking.at(path) as looked:
        assert looked.execute("SELECT COUNT(*) FROM student").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            looked.execute("INSERT INTO student VALUES ('ada')")
    with pytest.raises(sqlite3.ProgrammingError):
        looked.execute("SELECT 1")
    book.close()


def test_one_that_another_program_holds_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor longer than a gradebook is waited for at all."""
    monkeypatch.setattr(looking, "PATIENCE", 0.1)
    book = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    book.execute("CREATE TABLE student (id)")
    book.execute("BEGIN EXCLUSIVE")
    with (
        looking.at(tmp_path / "gradebook.db") as looked,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        looked.execute("SELECT * FROM student")
    book.close()

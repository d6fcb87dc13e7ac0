"""A gradebook that is only looked at, as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from autograder.gradebook import looking
from autograder.gradebook.looking import UnseenError


def test_it_is_looked_at_and_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "a gradebook.db"
    with pytest.raises(UnseenError), looking.at(path):
        pass
    assert not path.exists()
    book = sqlite3.connect(path)
    book.execute("CREATE TABLE student (id)")
    with looking.at(path) as looked:
        assert looked.one("SELECT COUNT(*) FROM student") == (0,)
        assert looked.one("SELECT * FROM student") is None
    with pytest.raises(UnseenError, match="readonly"), looking.at(path) as looked:
        looked.change("INSERT INTO student VALUES ('ada')")
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
        pytest.raises(UnseenError, match="locked"),
        looking.at(tmp_path / "gradebook.db") as looked,
    ):
        looked.all("SELECT * FROM student")
    book.close()


def test_its_changes_are_counted_where_nobody_is_writing(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    assert looking.counter(path) == 0
    path.touch()
    assert looking.counter(path) is None
    book = sqlite3.connect(path)
    book.execute("CREATE TABLE student (id)")
    before = looking.counter(path)
    assert before is not None
    book.execute("INSERT INTO student VALUES ('ada')")
    assert looking.counter(path) is None, "there is a journal"
    book.commit()
    assert looking.counter(path) == before + 1
    book.close()

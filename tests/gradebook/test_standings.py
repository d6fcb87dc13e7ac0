"""How students stand, read back from the gradebook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from entered import FULL, PART, UNIT, entry, give, release

from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import bookkeeping, enrolment, standings
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


def test_standings_add_up_as_nbgrader_adds(tmp_path: Path, release: Path) -> None:
    at = "2026-03-01 10:00:00.000000 UTC"
    entries = [
        entry(tmp_path, "ada", PART, timestamp=at),
        entry(tmp_path, "bo", FULL),
        entry(tmp_path, "cy", None),
    ]
    bookkeeping.write(tmp_path, UNIT, entries, [releases.read(release)])
    give(tmp_path, "ada", "check-softmax", manual_score=2.0, extra_credit=0.5)
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    found = standings.read(tmp_path, UNIT.name)
    ada, bo, cy = found["ada"], found["bo"], found["cy"]
    assert [(mark.name, mark.score, mark.by_hand) for mark in ada.marks] == [
        ("check-scaled_scores", 3.0, False),
        ("check-softmax", 2.5, False),
        ("why-sqrt-d_k", 1.5, True),
    ]
    assert (ada.raw_score, ada.score, ada.max_score, ada.graded, ada.needs_review) == (
        7.0,
        7.0,
        8.0,
        True,
        False,
    )
    assert ada.timestamp == datetime(2026, 3, 1, 10)
    assert ada.marks[1].auto_comment.startswith("softmax: 0.5 of 3 points")
    assert (bo.score, bo.graded, bo.needs_review) == (6.0, True, True)
    assert (cy.graded, cy.raw_score) == (False, 0.0)
    assert standings.read(tmp_path, "embeddings") == {}
    assert standings.read(tmp_path, UNIT.name, ["bo", "zoe"]) == {"bo": bo}
    assert standings.read(tmp_path, UNIT.name, []) == {}


def test_a_folder_that_is_no_utf8_finds_its_standing(tmp_path: Path, release: Path) -> None:
    name = "ad\udce4"  # as the file system gives a byte that is none
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, name, FULL)], [releases.read(release)])
    assert [one.score for one in standings.read(tmp_path, UNIT.name, [name]).values()] == [6.0]


def test_students_are_read_back(tmp_path: Path) -> None:
    roster = (Student("ada", "Ada", "Lovelace", "ada@example.org", "17"), Student("bo"))
    enrolment.enrol(tmp_path, roster)
    assert standings.students(tmp_path) == roster


def test_no_gradebook_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"gradebook.db: no gradebook yet: run `autograder grade` first"):
        standings.read(tmp_path, UNIT.name)
    assert list(tmp_path.iterdir()) == []

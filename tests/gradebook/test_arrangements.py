"""Who is excused, and until when work is due for whom."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from entered import FULL, UNIT, UNIT_NAME, entry, extend, release
from nbgrader import api

from autograder.errors import CourseError
from autograder.gradebook import arrangements, bookkeeping
from autograder.gradebook import released as releases
from autograder.gradebook.arrangements import Arrangement

__all__ = ["release"]  # a fixture

DUE = datetime(2026, 11, 2, 23, 59, tzinfo=timezone(timedelta(hours=1)))
DATED = replace(UNIT, due=DUE)


def test_where_nothing_is_arranged_the_units_date_holds(tmp_path: Path) -> None:
    found = arrangements.read(tmp_path, tmp_path, DATED)
    assert found.of("ada") == Arrangement(DUE)
    assert arrangements.read(tmp_path, tmp_path, UNIT).of("ada") == Arrangement()
    assert found.excused == ()
    assert os.listdir(tmp_path) == []


def test_extensions_are_nbgraders(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(
        tmp_path, DATED, [entry(tmp_path, "ada", FULL), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    extend(tmp_path, "ada", 2)
    extend(tmp_path, "absent", 0.25)
    found = arrangements.read(tmp_path, tmp_path, DATED)
    assert found.of("ada") == Arrangement(DUE + timedelta(days=2), timedelta(days=2))
    assert found.of("absent") == Arrangement(DUE + timedelta(hours=6), timedelta(hours=6))
    assert found.of("bo") == Arrangement(DUE)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.find_assignment(UNIT_NAME).duedate = datetime(2026, 12, 1, 12)
        book.db.commit()
    # The date in course.toml is what counts, and where there is none that which formgrader has set.
    assert arrangements.read(tmp_path, tmp_path, DATED).due == DUE
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    found = arrangements.read(tmp_path, tmp_path, UNIT)
    assert (found.due, found.of("ada").due) == (noon, noon + timedelta(days=2))


def test_excuses_are_kept_in_a_text_file_and_taken_back(tmp_path: Path) -> None:
    arrangements.excuse(tmp_path, UNIT_NAME, ["ada", "J=F6rg"], " ill,\n since Monday ")
    arrangements.excuse(tmp_path, UNIT_NAME, ["bo"])
    assert (tmp_path / "excused.toml").read_text() == (
        "# Who is excused from a unit, and why: autograder excuse UNIT STUDENT\n\n[self-attention]\n"
        '"J=F6rg" = "ill, since Monday"\nada = "ill, since Monday"\nbo = ""\n'
    )
    found = arrangements.read(tmp_path, tmp_path, DATED)
    assert found.excused == ("J=F6rg", "ada", "bo")
    assert found.of("ada") == Arrangement(DUE, None, True, "ill, since Monday")
    assert found.of(os.fsdecode(b"J\xf6rg")).excused
    assert found.of("Ada").excused  # a roster may spell it so
    assert not found.of("cy").excused
    assert arrangements.read(tmp_path, tmp_path, replace(UNIT, name="other")).excused == ()
    arrangements.take_back(tmp_path, UNIT_NAME, ["bo"], dry_run=True)
    assert arrangements.read(tmp_path, tmp_path, DATED).of("bo").excused
    arrangements.take_back(tmp_path, UNIT_NAME, ["bo", "J=F6rg"])
    assert arrangements.read(tmp_path, tmp_path, DATED).excused == ("ada",)


def test_what_cannot_be_is_told_and_changes_nothing(tmp_path: Path) -> None:
    arrangements.excuse(tmp_path, UNIT_NAME, ["ada"])
    before = (tmp_path / "excused.toml").read_bytes()
    with pytest.raises(
        CourseError, match=r"^bo is not excused from self-attention: there is nothing to take back\Z"
    ):
        arrangements.take_back(tmp_path, UNIT_NAME, ["ada", "bo"])
    with pytest.raises(CourseError, match="the reason has 1,001 characters, and 1,000 are allowed"):
        arrangements.excuse(tmp_path, UNIT_NAME, ["bo"], "x" * 1001)
    arrangements.excuse(tmp_path, UNIT_NAME, ["bo"], dry_run=True)
    assert (tmp_path / "excused.toml").read_bytes() == before
    (tmp_path / "excused.toml").write_text("[self-attention]\nada = true\n")
    with pytest.raises(
        CourseError, match=r"excused.toml: expected \[self-attention\] with lines such as ada = "
    ):
        arrangements.read(tmp_path, tmp_path, UNIT)

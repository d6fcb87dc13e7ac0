from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring import enlisting
from autograder.authoring.enlisting import Entry
from autograder.course import coursefile
from autograder.dialect import Dialect
from autograder.errors import CourseError

ENTRY = Entry("ps1", "source/ps1", "release", (("squares-test", 2.0), ("mean-test", 1.5)), ())


def founded(tmp_path: Path) -> bytes:
    return enlisting.founded("intro-to-python", tmp_path)


def test_a_course_of_nbgraders_gets_a_course_toml(tmp_path: Path) -> None:
    course = coursefile.parse(tmp_path / "course.toml", founded(tmp_path))
    assert (course.title, course.units, course.limits.cpu_seconds) == ("Intro to python", (), 10.0)
    (tmp_path / "roster.csv").touch()
    assert coursefile.parse(tmp_path / "course.toml", enlisting.founded("", tmp_path)).roster is not None


def test_an_entry_is_added_at_the_end_and_all_else_stays(tmp_path: Path) -> None:
    before = b"# mine\nformat = 1\ntitle = 'T'\npublic_seed = 1 # dice"
    after = enlisting.listed(tmp_path / "course.toml", before, ENTRY)
    assert after.startswith(before)
    assert after.decode().removeprefix(before.decode()) == (
        '\n\n[[units]]\nname = "ps1"\nadopted = "source/ps1"\nfunctions = [\n'
        '  { name = "squares-test", points = 2.0 },\n  { name = "mean-test", points = 1.5 },\n]\n'
    )
    windows = before.replace(b"\n", b"\r\n")
    assert enlisting.listed(tmp_path / "course.toml", windows, ENTRY).count(b"\r\n") == after.count(b"\n")


def test_an_entry_is_renewed_and_keeps_what_the_instructor_wrote(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    first = enlisting.listed(path, founded(tmp_path), replace(ENTRY, by_hand=("plot-test",)))
    own = first.replace(b'name = "ps1"', b'name = "ps1"  # the first\ndue = 2027-03-01\nexplain = "steps"')
    dialect = Dialect(begin_hidden="SECRET", ignore=("*.key",))
    again = enlisting.listed(path, own, replace(ENTRY, functions=(("new-test", 1.0),), dialect=dialect))
    assert b"# the first\ndue = 2027-03-01" in again
    (unit,) = tomllib.loads(again.decode())["units"]
    assert unit["functions"] == [{"name": "new-test", "points": 1.0}]
    assert unit["explain"] == "steps"
    assert unit["dialect"] == {"begin_hidden": "SECRET", "ignore": ["*.key"]}
    assert not {"by_hand", "unserved"} & unit.keys()


def test_what_becomes_of_cells_that_are_not_served_is_the_instructors_to_say(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    entry = replace(ENTRY, by_hand=("plot-test",))
    first = enlisting.listed(path, founded(tmp_path), entry)
    assert coursefile.parse(path, first).unit("ps1").unserved == "by-hand"
    decided = first.replace(b'unserved = "by-hand"\n', b"")
    assert coursefile.parse(path, enlisting.listed(path, decided, entry)).unit("ps1").unserved is None
    # Where there were no such cells before, the instructor has said nothing yet.
    had_none = enlisting.listed(path, founded(tmp_path), ENTRY)
    assert coursefile.parse(path, enlisting.listed(path, had_none, entry)).unit("ps1").unserved == "by-hand"


def test_a_course_toml_to_whose_end_nothing_can_be_added(tmp_path: Path) -> None:
    raw = founded(tmp_path).replace(b"public_seed", b"units = []\npublic_seed")
    with pytest.raises(CourseError, match=r"no unit can be added at its end .*: list units as tables"):
        enlisting.listed(tmp_path / "course.toml", raw, ENTRY)


def test_an_entry_that_would_not_do_is_told(tmp_path: Path) -> None:
    raw = enlisting.listed(tmp_path / "course.toml", founded(tmp_path), ENTRY)
    with pytest.raises(CourseError, match="'a' is listed twice"):
        enlisting.listed(
            tmp_path / "course.toml", raw, replace(ENTRY, functions=(("a", 1.0),), by_hand=("a",))
        )

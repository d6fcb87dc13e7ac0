"""What an instructor should know before a class is graded."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from autograder.course import roster
from autograder.course.roster import Student
from autograder.grading import notices
from autograder.lateness import Late
from autograder.notebook.places import HandedIn
from autograder.records import Course, Unit

UNIT = Unit("unit", "Unit", ())


def test_work_taken_from_elsewhere_is_told() -> None:
    root = Path("submitted")
    usual = HandedIn("ada", root / "ada" / "unit")
    assert notices.elsewhere(root, [usual], UNIT) == ()
    beside = HandedIn("bo\n", root / "bo\n" / "Unit")
    flat = HandedIn(
        os.fsdecode(b"\xff"), root / os.fsdecode(b"\xff") / "unit", root / os.fsdecode(b"\xff_unit.zip")
    )
    assert notices.elsewhere(root, [usual, beside, flat], UNIT) == (
        "2 submissions were taken from beside STUDENT/unit/: bo /Unit, =FF_unit.zip",
    )


def test_work_of_nobody_on_the_roster_is_told() -> None:
    file = Path("roster.csv")
    students = [Student("ada"), Student("smith.john")]
    assert notices.strangers(file, roster.match(students, ["ada"])) == ()
    match = roster.match(students, ["ada", "smith.jon", "x\n"])
    assert notices.strangers(file, match) == (
        "2 students with work not in roster.csv, graded, and left out of exports: "
        "smith.jon (did you mean smith.john?), x",
    )
    assert notices.off_roster(match) == {
        "smith.jon": "Not on the roster (did you mean smith.john?): graded, and left out of the numbers here and of exports.",
        "x\n": "Not on the roster: graded, and left out of the numbers here and of exports.",
    }


def test_columns_of_the_roster_that_are_not_read(tmp_path: Path) -> None:
    place = tmp_path / "roster.csv"
    place.write_text("id,Degree,Email\nada,B.Sc.,ada@x\n")
    assert notices.columns(place) == (f"{place}: a column that is not read: Degree",)
    place.write_text("id,Email\nada,ada@x\n")
    assert notices.columns(place) == notices.columns(None) == ()


def test_receipts_that_say_no_time(tmp_path: Path) -> None:
    for student, text in (
        ("ada", "2026-03-01 10:00:00 UTC"),
        ("bo", "yesterday"),
        ("cy", "2026-03-01 10:00 XYZ"),
    ):
        (tmp_path / student).mkdir()
        (tmp_path / student / "timestamp.txt").write_text(text)
    (tmp_path / "dan").mkdir()
    here = [HandedIn(student, tmp_path / student) for student in ("ada", "bo", "cy", "dan")]
    assert notices.receipts(here[:1]) == ()
    assert notices.receipts(here) == (
        "2 receipts (timestamp.txt) cannot be read, their work counts as on time: bo: “yesterday” is no time, "
        "cy: the zone XYZ of “2026-03-01 10:00 XYZ” is not known",
    )


def test_a_policy_that_does_not_count_is_told(tmp_path: Path, own_course: Course) -> None:
    course = replace(own_course, root=tmp_path, late=Late(per_day=0.1))
    config = tmp_path / "nbgrader_config.py"
    assert notices.late_policy(course) == ()
    config.write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    (line,) = notices.late_policy(course)
    assert line.startswith(
        "[late] in course.toml does not count: nbgrader_config.py sets a policy of its own"
    )
    config.write_text("1 / 0")
    assert notices.late_policy(course) == ()

"""What an instructor should know before a class is graded."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.grading import notices
from autograder.notebook.collect import HandedIn
from autograder.records import Unit

UNIT = Unit("unit", "Unit", ())


def test_work_in_no_students_folder() -> None:
    assert notices.loose(Path("submitted"), UNIT, ()) == ()
    (line,) = notices.loose(Path("submitted"), UNIT, ["ada_1_unit.ipynb"])
    assert line == (
        "ada_1_unit.ipynb lies in submitted itself and is not graded: it is looked for in STUDENT/unit/"
    )
    (line,) = notices.loose(Path("submitted"), UNIT, ["a\n.ipynb", os.fsdecode(b"\xff.zip")])
    assert (
        line
        == "a .ipynb, ?.zip lie in submitted itself and are not graded: they are looked for in STUDENT/unit/"
    )


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

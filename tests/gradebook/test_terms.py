"""What students are told of the time of their work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.gradebook import arrangements, extensions, imported, released, terms
from autograder.gradebook.imported import Downloaded, Taken
from autograder.gradebook.terms import Terms
from autograder.lateness import Late
from autograder.records import Course, Unit

DUE = datetime(2026, 11, 2, 22, 59, tzinfo=UTC)


def of(course: Course, unit: str) -> Unit:
    return replace(course.unit(unit), due=DUE)


def test_how_late_and_what_was_due_in_the_courses_zone(course_folder: Path, own_course: Course) -> None:
    course = replace(
        own_course, root=course_folder, timezone="Europe/Zurich", late=Late(per_day=0.1, grace_minutes=5)
    )
    unit = of(course, "embeddings")
    release = released.read(course.released(unit.name))
    extensions.give(course_folder, unit, {"bo": timedelta(days=1)}, [release])
    arrangements.excuse(course_folder, unit.name, ["cy"])
    found = terms.read(course, course_folder, unit)
    at = datetime(2026, 11, 3, 2, 19)
    told = found.told("ada", at)
    assert told.at == "Tue 3 Nov 2026, 03:19 CET"
    assert told.late == "3 h 20 min after Mon 2 Nov 2026, 23:59 CET"
    assert told.policy == (
        "Each day begun after the due date costs 10 % of the marks; up to 5 minutes late costs nothing."
    )
    assert found.late_by("ada", at) == timedelta(hours=3, minutes=20)
    told = found.told("bo", at)
    assert (told.late, told.policy, told.extension) == ("", "", "1 day")
    assert found.told("cy", None).excused
    assert found.told("ada", None).at == ""
    assert found.late_by("ada", DUE) == timedelta()


def test_a_time_at_which_nothing_came_is_told_to_nobody(course_folder: Path, own_course: Course) -> None:
    course = replace(own_course, root=course_folder, timezone="Europe/Zurich")
    at = DUE.replace(tzinfo=None) + timedelta(seconds=1)
    taken = {"ada": Taken("canvas", "a_LATE_1_2_", "d", late=True, noted=at.isoformat())}
    imported.write(course_folder, "embeddings", Downloaded(taken))
    found = terms.read(course, course_folder, of(course, "embeddings"))
    for member in ("ada", "who hands in together with ada"):
        told = found.told(member, at)
        assert (told.at, told.late) == ("", "after Mon 2 Nov 2026, 23:59 CET")
    imported.file(course_folder, "embeddings").write_text("{")  # which import tells, and stops nobody's marks
    found = terms.read(course, course_folder, of(course, "embeddings"))
    assert found.told("ada", at).late == "1 s after Mon 2 Nov 2026, 23:59 CET"


def test_without_a_date_nothing_is_late() -> None:
    told = Terms().told("ada", datetime(2026, 11, 3, 2, 19))
    assert (told.at, told.late) == ("Tue 3 Nov 2026, 02:19 UTC", "")

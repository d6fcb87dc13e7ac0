"""Whom a name means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import enrolment, known, results
from autograder.records import Course


@pytest.fixture
def course(tmp_path: Path, own_course: Course) -> Course:
    (tmp_path / "roster.csv").write_text("id,group\nada,ada\nJürg,Team 3\n")
    (tmp_path / "submitted" / "Ada").mkdir(parents=True)
    (tmp_path / "submitted" / ".ada").mkdir()
    (tmp_path / "submitted" / "team 3").mkdir()
    results.write_all([(results.path(tmp_path, "embeddings", "bo"), b"{}")])
    return replace(own_course, root=tmp_path, roster=tmp_path / "roster.csv")


def test_everyone_is_known_once_as_their_work_calls_them(tmp_path: Path, course: Course) -> None:
    enrolment.enrol(tmp_path, [Student("cy")])
    assert known.students(course, tmp_path) == ("Ada", "Jürg", "bo", "cy")
    assert known.students(replace(course, roster=None), tmp_path) == ("Ada", "bo", "cy", "team 3")


def test_a_name_means_one_student(tmp_path: Path, course: Course) -> None:
    assert known.meant(course, tmp_path, ["ada", "ADA", "bo", "Ju\u0308rg"]) == ("Ada", "bo", "Jürg")
    with pytest.raises(
        CourseError,
        match=r"^no student 'adda' in this course \(did you mean 'Ada'\?\): expected the id of one who is in roster.csv\Z",
    ):
        known.meant(course, tmp_path, ["bo", "adda"])
    (tmp_path / "submitted" / "BO").mkdir()
    assert known.meant(course, tmp_path, ["bo"]) == ("bo",)
    with pytest.raises(CourseError, match=r"did you mean 'BO' or 'bo'\?"):
        known.meant(course, tmp_path, ["Bo"])
    with pytest.raises(CourseError, match=r"no student 'x' in this course: expected .* folder in submitted/"):
        known.meant(replace(course, roster=None, root=tmp_path / "none"), tmp_path / "none", ["x"])


def test_who_is_called_by_a_persons_name_is_asked_for(tmp_path: Path, course: Course) -> None:
    (tmp_path / "roster.csv").write_text("id,first_name,last_name\ns1,Bo,Lee\ns2,Bo,Lee\ns3,Zoë,O'Neil\n")
    with pytest.raises(
        CourseError, match=r"no student 'Lee, Bo' in this course \(did you mean 's1' or 's2'\?\)"
    ):
        known.meant(course, tmp_path, ["Lee, Bo"])
    with pytest.raises(CourseError, match=r"did you mean 's3'\?"):
        known.meant(course, tmp_path, ["zoë o'neil"])

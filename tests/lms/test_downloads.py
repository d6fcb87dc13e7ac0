"""Whose a file of a download is, by its names."""

from __future__ import annotations

import pytest

from autograder.course.roster import Student
from autograder.lms import downloads
from autograder.lms.downloads import Download


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("m/Ada Example_12_assignsubmission_file_/a.ipynb", Download("Ada Example", "12", "a.ipynb")),
        ("m/Ada Example_12_assignsubmission_file/b/a.ipynb", Download("Ada Example", "12", "a.ipynb")),
        ("m/Ada_B Example_12_assignsubmission_file_a.ipynb", Download("Ada_B Example", "12", "a.ipynb")),
        ("c/exampleada_34_56_a-1.ipynb", Download("exampleada", "34", "a-1.ipynb")),
        ("c/exampleada_LATE_34_56_my_work.ipynb", Download("exampleada", "34", "my_work.ipynb")),
        ("exampleada_34_56_a.ipynb", Download("exampleada", "34", "a.ipynb")),
        ("all/ada/a.ipynb", Download("ada", "", "a.ipynb")),
        ("all/ada/self-attention/a.ipynb", Download("ada", "", "a.ipynb")),
        ("all/a.ipynb", None),
        ("a.ipynb", None),
        ("all/.hidden/a.ipynb", None),
        ("m/.._12_assignsubmission_file_/a.ipynb", None),
        ("m/ _12_assignsubmission_file_/a.ipynb", None),
    ],
)
def test_names_that_systems_give(path: str, found: Download | None) -> None:
    assert downloads.whose(path.split("/")) == found


ROSTER = (
    Student("ada", "Ada", "Example", lms_user_id="34"),
    Student("ben", "Ben", "O'Neil"),
    Student("zoe", "Zo\u00eb", "King"),
    Student("kim1", "Kim", "Lee"),
    Student("kim2", "Kim", "Lee"),
)


@pytest.mark.parametrize(
    ("name", "number", "student"),
    [
        ("whoever", "34", "ada"),
        ("oneilben", "77", "ben"),
        ("Ben O'Neil", "", "ben"),
        ("Zoe\u0308 King", "", "zoe"),
        ("ben", "", "ben"),
        ("Kim Lee", "", "Kim Lee"),  # which of them?
        ("Nobody Known", "99", "Nobody Known"),
    ],
)
def test_the_roster_says_who_it_is(name: str, number: str, student: str) -> None:
    assert downloads.student(Download(name, number, "a.ipynb"), ROSTER) == student

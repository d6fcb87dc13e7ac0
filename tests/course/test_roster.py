"""The roster file."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import roster
from autograder.course.roster import Student
from autograder.errors import CourseError


def roster_file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_students_are_read_in_order(tmp_path: Path) -> None:
    path = roster_file(
        tmp_path,
        "\ufeffid, lms_user_id,last_name,section\r\n"
        'zoë,17,"O\'Neil, the ""Younger""",Monday\r\n'
        "\r\n"
        " bo ,,,\r\n",
    )
    assert roster.read(path) == (
        Student("zoë", last_name='O\'Neil, the "Younger"', lms_user_id="17", section="Monday"),
        Student("bo"),
    )


def test_only_the_id_is_required(tmp_path: Path) -> None:
    assert roster.read(roster_file(tmp_path, "id\nada\n")) == (Student("ada"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: no column id: expected a line that names the columns: id and any of first_name"),
        ("name,email\nada,a@x\n", "line 1: no column id"),
        ("id,first name\nada,Ada\n", "line 1: column 'first name': expected"),
        ("id,email,email\nada,a,b\n", "line 1: column 'email' twice"),
        ("id,email\nada\n", "line 2: 1 column, expected 2"),
        ("id,email\nada,a@x\n,b@x\n", "line 3: id '', expected the name of a folder in submitted/"),
        ("id\nada\n../bo\n", "line 3: id '../bo', expected the name of a folder"),
        ("id\nada\n.bo\n", "line 3: id '.bo', expected the name of a folder"),
        ("id\nada\nbo\nada\n", "line 4: id 'ada' a second time"),
        ('id,email\nada,"a@x\n', "line 2: not CSV"),
        (b"id\nz\xff\n", "not UTF-8 text (byte 4): save it as CSV UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = roster_file(tmp_path, content)
    with pytest.raises(CourseError) as error:
        roster.read(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"roster.csv: cannot be read \(No such file"):
        roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_columns_as_spreadsheets_separate_them(tmp_path: Path, sign: str) -> None:
    rows = [["id", "first_name", "last_name"], ["ada", "Ada", "King, Countess of Lovelace"]]
    path = roster_file(tmp_path, "".join(sign.join(row) + "\r\n" for row in rows))
    assert roster.read(path) == (Student("ada", "Ada", "King, Countess of Lovelace"),)


APART, TOGETHER = "Zoe\u0308", "Zo\u00eb"


def test_a_name_whose_accents_are_written_in_two_ways_is_one_name(tmp_path: Path) -> None:
    students = (Student(TOGETHER, "Zoë"), Student("bo"))
    assert roster.spelt(students, [APART, "bo", "cy"]) == (Student(APART, "Zoë"), Student("bo"))
    assert roster.spelt(students, [APART, TOGETHER]) == students, (
        "who has a folder of just this name keeps it"
    )
    with pytest.raises(CourseError, match="a second time"):
        roster.read(roster_file(tmp_path, f"id\n{APART}\n{TOGETHER}\n"))

"""The roster file."""

from __future__ import annotations

import os
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


def test_the_ids_that_other_systems_give_are_read(tmp_path: Path) -> None:
    path = roster_file(tmp_path, "id,lms_user_id,lms_login_id,moodle_id\nada,4711,al23,s1001\nbo,,,\n")
    assert roster.read(path) == (
        Student("ada", lms_user_id="4711", lms_login_id="al23", moodle_id="s1001"),
        Student("bo"),
    )


def test_only_the_id_is_required(tmp_path: Path) -> None:
    assert roster.read(roster_file(tmp_path, "id\nada\n")) == (Student("ada"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: no column id: expected a line that names the columns: id and any of first_name"),
        ("name,email\nada,a@x\n", "line 1: no column id"),
        ("id,frist name\nada,Ada\n", "line 1: column 'frist name' (did you mean 'first_name'?): expected"),
        ("id,email,E-Mail\nada,a,b\n", "line 1: column 'email' twice"),
        ("id,email\nada\n", "line 2: 1 column, expected 2"),
        ("id,email\nada,a@x\n,b@x\n", "line 3: id '', expected the name of a folder in submitted/"),
        ("id\nada\n../bo\n", "line 3: id '../bo', expected the name of a folder"),
        ("id\nada\n.bo\n", "line 3: id '.bo', expected the name of a folder"),
        ("id\nada\nbo\nada\n", "line 4: id 'ada' a second time"),
        ('id,email\nada,"a@x\n', "line 2: not CSV"),
        (
            b"id\nz\xff\n",
            "not UTF-8 text (byte 4): save it as CSV UTF-8 (line 2 has “zÿ” if it is Windows-1252)",
        ),
        ("sep=;\r\nid;email\r\nada\r\n", "line 3: 1 column, expected 2"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = roster_file(tmp_path, content)
    with pytest.raises(CourseError) as error:
        roster.read(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_columns_are_known_however_they_are_written_and_those_of_an_office_are_passed_over(
    tmp_path: Path,
) -> None:
    path = roster_file(
        tmp_path,
        "sep=;\r\nTerm;Last Name;ID ;E-Mail;Degree programme;\r\n7;King; ada;A@X;B.Sc.;\r\n;;;;;\r\n",
    )
    assert roster.read(path) == (Student("ada", last_name="King", email="A@X"),)
    assert roster.unread(path) == ("Term", "Degree programme")
    assert roster.unread(roster_file(tmp_path, "id\nada\n")) == ()


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    "text",
    [
        "id;first_name\r\nzoë;Zoë\r\n",
        "sep=;\r\nid;first_name\r\nzoë;Zoë\r\n",
        "id\tfirst_name\rzoë\tZoë\r",
        '"id";"first_name"\n"zoë";"Zoë"\n',
    ],
    ids=["semicolons", "with a line of Excel's own", "tabs of an old Mac", "in quotes"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    assert roster.read(roster_file(tmp_path, text.encode(encoding))) == (Student("zoë", "Zoë"),)


def test_a_line_ends_where_csv_ends_it(tmp_path: Path) -> None:
    path = roster_file(tmp_path, "id,last_name\nada,Love\u2028lace\x0b\n")
    assert roster.read(path) == (Student("ada", last_name="Love\u2028lace"),)


def ids(*names: str) -> list[Student]:
    return [Student(name) for name in names]


@pytest.mark.parametrize(
    ("id", "folder"),
    [
        ("ada", "ada"),
        (TOGETHER, APART),
        ("ada", "Ada "),
        ("ada lovelace", "ADA  Lovelace"),
        ("Jörg", os.fsdecode("Jörg".encode("cp1252"))),
        ("Jörg", os.fsdecode("Jörg".encode("cp850"))),
        ("J=F6rg", os.fsdecode(b"J\xf6rg")),
    ],
)
def test_whose_folder_can_alone_be_meant(id: str, folder: str) -> None:
    found = roster.match(ids("bo", id), [folder, "bo", "stranger"])
    assert found.folders == {"bo": "bo", id: folder}
    assert (found.doubtful, found.strangers) == ({}, ("stranger",))


def test_the_same_name_comes_before_one_that_is_alike() -> None:
    found = roster.match(ids("ada"), ["Ada", "ada"])
    assert (found.folders, found.strangers) == ({"ada": "ada"}, ("Ada",))
    assert found.maybe("Ada") == "", "she has a folder"


def test_where_several_may_be_meant_it_is_asked() -> None:
    found = roster.match(ids("ada", "Bo", "bo"), ["Ada", "ADA", "BO"])
    assert found.folders == {}
    assert found.doubtful == {"ada": ("ADA", "Ada"), "Bo": ("BO",), "bo": ("BO",)}
    assert found.strangers == ("Ada", "ADA", "BO")
    assert found.maybe("BO") == " (did you mean Bo or bo?)"
    assert found.maybe("Ada") == " (did you mean ada?)"


def test_who_may_be_meant_by_a_name_or_a_slip_is_asked() -> None:
    students = [
        Student("s1", "Ada", "Lovelace"),
        Student("s2", email="turing@example.org"),
        Student("smith.john"),
        Student("s4"),
    ]
    found = roster.match(students, ["lovelace, ada", "Turing", "smith.jon", "xyz"])
    assert found.folders == {}
    assert found.doubtful == {"s1": ("lovelace, ada",), "s2": ("Turing",), "smith.john": ("smith.jon",)}


def test_not_every_stranger_is_compared() -> None:
    names = [f"smith.jon{number}" for number in range(300)]
    assert len(roster.match(ids("smith.john"), names).doubtful["smith.john"]) == 100

"""What downloads hold: who, what, when."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from archived import row, worksheet
from entered import UNIT

from autograder.errors import CourseError, UnreadableError
from autograder.lms import attempts
from autograder.lms.attempts import Attempt, Clock, Contents, Source
from autograder.lms.downloads import Who
from autograder.notebook.bundles import Bundle, Item

OTHER = replace(UNIT, name="embeddings")
CLOCK = Clock(zoneinfo.ZoneInfo("Europe/Zurich"))


def source(name: str, files: Mapping[str, str]) -> Source:
    items = [
        Item(tuple(path.split("/")), len(text), lambda text=text: iter([text.encode()]))  # type: ignore[misc]
        for path, text in files.items()
    ]
    return Source(Path(name), Bundle(tuple(sorted(items, key=lambda item: item.parts))))


def read(*sources: Source, **options: Any) -> Contents:
    return attempts.read(sources, UNIT, (UNIT, OTHER), CLOCK, **options)


def files(attempt: Attempt) -> list[str]:
    return ["/".join(name) for name, _ in attempt.files]


def test_what_one_person_handed_in_at_canvas_is_one_attempt() -> None:
    contents = read(
        source(
            "c.zip", {"a_1_7_x.ipynb": "", "a_1_9_notes.txt": "", "a_1_8_x-1.ipynb": "", "b_2_5_y.zip": ""}
        )
    )
    first, second = contents.attempts
    assert (first.label, files(first), first.order) == (
        "a_1_8_",
        ["x.ipynb", "x-1.ipynb", "notes.txt"],
        (0, "", 8),
    )
    assert second.people == (Who("b", "2"),)
    assert contents.kinds == ("canvas",)


TITLE = "Blatt_1_Self_Attention_7"  # as ILIAS calls the folder of an assignment, which might be a person's


@pytest.mark.parametrize(
    ("paths", "labels"),
    [
        ([f"{TITLE}/A_B_c_1/x.ipynb", f"{TITLE}/D_E_f_2/x.ipynb"], ["A_B_c_1", "D_E_f_2"]),
        ([f"{TITLE}/Abgaben/A_B_c_1/x.ipynb", f"{TITLE}/Abgaben/D_E_f_2/x.ipynb", f"{TITLE}/status.xlsx"], ["A_B_c_1", "D_E_f_2"]),
        (["A_B_c_1/D_E_f_2/x.ipynb", "D_E_f_2/x.ipynb"], ["A_B_c_1", "D_E_f_2"]),
        (["A_B_c_1/D_E_f_2/x.ipynb", "A_B_c_1/x.ipynb"], ["A_B_c_1"]),
    ],
)  # fmt: skip
def test_iliass_folder_of_an_assignment_is_nobodys_and_a_persons_own_say_nothing(
    paths: list[str], labels: list[str]
) -> None:
    contents = read(source("i.zip", dict.fromkeys(paths, "")), kind="ilias")
    assert [one.label for one in contents.attempts] == labels
    assert read(source("i.zip", {}), kind="ilias").attempts == ()


def test_work_that_says_nobody_is_told_apart_from_what_is_no_work() -> None:
    contents = read(
        source("c.zip", {"a_1_7_x.ipynb": "", "b_1_8_x.ipynb": "", "strange.ipynb": "", "index.html": ""})
    )
    assert [name for name, _ in contents.nobodys] == ["strange.ipynb"]


def moodle(*more: Source) -> Contents:
    folder = "_assignsubmission_file_/a.ipynb"
    return read(source("m.zip", {f"Ada Lovelace_11{folder}": "", f"Bo Lee_12{folder}": ""}), *more)


def test_a_worksheet_says_who_and_when() -> None:
    at = "Monday, 2 March 2026, 11:59 PM"
    sheet = worksheet(row(11, "Ada Lovelace", "s1", "ada@x", at), row(12, "Bo Lee", "", "bo@x"))
    contents = moodle(source("Grades.csv", {"Grades.csv": sheet}))
    ada, bo = contents.attempts
    assert ada.people == (Who("Ada Lovelace", "s1", email="ada@x", participant="11"),)
    assert (ada.at, ada.worksheet, ada.participant) == (datetime(2026, 3, 2, 22, 59), "Grades.csv", "11")
    assert (bo.at, bo.people[0].email) == (None, "bo@x")
    assert list(contents.worksheets) == ["Grades.csv"]
    assert contents.notes == ()


def test_a_worksheet_may_lie_in_the_download() -> None:
    sheet = worksheet(row(11, "Ada Lovelace", "s1", "ada@x"))
    name = "Ada Lovelace_11_assignsubmission_file_/a.ipynb"
    forged = "Ada Lovelace_11_assignsubmission_file_/Grades.csv"
    contents = read(source("m.zip", {name: "", "Grades.csv": sheet, forged: sheet.replace("s1", "s2")}))
    (ada,) = contents.attempts
    assert ada.people[0].user_id == "s1", "a student's own file is none of Moodle's"
    assert files(ada) == ["Grades.csv", "a.ipynb"]


def test_where_names_are_hidden_the_number_decides() -> None:
    sheet = 'Identifier,Status,Grade,"Last modified (submission)"\n"Participant 11",x,,-\n'
    name = "Participant_11_assignsubmission_file_/a.ipynb"
    (one,) = read(source("m.zip", {name: ""}), source("g.csv", {"g.csv": sheet})).attempts
    assert one.worksheet == "g.csv"


def test_a_group_is_everyone_who_the_worksheet_says_is_in_it() -> None:
    sheet = worksheet(
        'Participant 11,"Ada Lovelace",s1,a@x,x,"Team A",,-,-,', 'Participant 12,"Bo Lee",s2,b@x,x,"Team A",,-,-,',
        header='Identifier,"Full name","ID number","Email address",Status,Group,Grade,"Last modified (submission)",'
        '"Last modified (grade)","Feedback comments"',
    )  # fmt: skip
    name = "Team A_4711_assignsubmission_file_/a.ipynb"
    (one,) = read(source("m.zip", {name: ""}), source("g.csv", {"g.csv": sheet})).attempts
    assert [who.user_id for who in one.people] == ["s1", "s2"]
    assert one.participant == "", "the number is the group's"


def test_a_worksheet_that_knows_some_is_told_and_one_that_knows_nobody_refused() -> None:
    some = worksheet(row(11, "Ada Lovelace", "s1", "ada@x"), row(12, "Jane Doe", "s9", "jane@x"))
    assert moodle(source("g.csv", {"g.csv": some})).notes == (
        "not in the worksheet, so known by name alone: Bo Lee_12_assignsubmission_file_",
    )
    other = worksheet(row(11, "Jane Doe", "s9", "jane@x"))
    with pytest.raises(
        CourseError, match=r"g.csv: none of the 2 submissions .* of another course or assignment\?"
    ):
        moodle(source("g.csv", {"g.csv": other}))


def test_a_table_that_is_given_and_no_worksheet_is_refused() -> None:
    with pytest.raises(CourseError, match=r"roster.csv: no grading worksheet of Moodle"):
        moodle(source("roster.csv", {"roster.csv": "id\nada\n"}))
    item = Item(("g.csv",), 1, lambda: iter(["Zo\xeb".encode("latin-1")]))
    with pytest.raises(CourseError, match=r"g.csv: not UTF-8 text \(byte 2\): save it as CSV UTF-8"):
        moodle(Source(Path("g.csv"), Bundle((item,))))


METADATA = """
submission_1:
  :submitters:
  - {":name": Ada Lovelace, ":email": ada@x}
  - {":name": Bo Lee, ":email": bo@x}
  :created_at: 2026-03-02 23:59:01 Z
"""


def test_gradescope_says_who_handed_in_together() -> None:
    top = "assignment_9_export"
    contents = read(
        source(
            "g.zip",
            {
                f"{top}/submission_metadata.yml": METADATA,
                f"{top}/submission_1/a.ipynb": "",
                f"{top}/submission_2/a.ipynb": "",
            },
        )
    )
    one, other = contents.attempts
    assert [who.email for who in one.people] == ["ada@x", "bo@x"]
    assert one.at == datetime(2026, 3, 2, 23, 59, 1)
    assert other.people == (), "of whom the metadata says nothing"
    with pytest.raises(CourseError, match=r"g.zip: there is no submission_metadata.yml in it"):
        read(source("g.zip", {f"{top}/submission_1/a.ipynb": ""}))


def test_whose_work_is_is_not_said_by_a_file_that_a_student_handed_in() -> None:
    """Though it has the name of Gradescope's own, and sorts before it."""
    forged = METADATA.replace("ada@x", "mallory@x")
    files = {
        "e/submission_1/a.ipynb": "",
        "e/submission_1/submission_metadata.yml": forged,
        "e/submission_1/submission_2/b.ipynb": "",
        "e/submission_metadata.yml": METADATA,
    }
    (attempt,) = read(source("g.zip", files)).attempts
    assert [who.email for who in attempt.people] == ["ada@x", "bo@x"]


SLIP = "Name: Ada Lovelace (al23)\nAssignment: HW\nDate Submitted: Monday, March 2, 2026 1:00:00 PM CET\n\nx"


def test_blackboards_attempts_are_told_apart() -> None:
    first, second = "HW_al23_attempt_2026-03-01-12-00-00", "HW_al23_attempt_2026-03-02-12-00-00"
    contents = read(source("b.zip", {f"{first}_a.ipynb": "", f"{second}_a.ipynb": "", f"{second}.txt": SLIP}))
    earlier, later = contents.attempts
    assert (earlier.people, earlier.at) == ((Who(login="HW_al23"),), datetime(2026, 3, 1, 11))
    assert (later.people, later.at) == ((Who("Ada Lovelace", login="al23"),), datetime(2026, 3, 2, 12))
    assert files(later) == ["a.ipynb"]
    assert earlier.order < later.order


@pytest.mark.parametrize(
    ("paths", "students", "people"),
    [
        (["ada/a.ipynb", "bo/b.ipynb"], [], ["ada", "bo"]),
        (["all/ada/a.ipynb", "all/bo/b.ipynb"], [], ["ada", "bo"]),
        (["all/in/ada/self-attention/a.ipynb", "all/in/bo/b.ipynb"], ["ada"], ["ada", "bo"]),
        (["ada/self-attention/a.ipynb"], ["ada"], ["ada"]),
        (["ada/self-attention/a.ipynb"], [], ["ada"]),
        (["ada/embeddings/a.ipynb", "bo/self-attention/b.ipynb"], [], ["bo"]),
        (["ada.ipynb", "bo.zip"], [], ["ada", "bo"]),
        (["all/ada.ipynb", "all/bo.ipynb"], ["ada"], ["ada", "bo"]),
    ],
)
def test_plain_folders(paths: list[str], students: list[str], people: list[str]) -> None:
    contents = read(source("p", dict.fromkeys(paths, "")), kind="plain", students=students)
    assert [attempt.people[0].name for attempt in contents.attempts] == people
    assert {files(attempt)[0] for attempt in contents.attempts} <= {
        "a.ipynb",
        "b.ipynb",
        "ada.ipynb",
        "bo.zip",
        "bo.ipynb",
    }


def test_a_kind_that_cannot_be_told_is_asked_for() -> None:
    with pytest.raises(
        CourseError, match=r"x.zip: which system it comes from cannot be told .* --from \(canvas, moodle"
    ):
        read(source("x.zip", {"a.txt": ""}))


def test_what_is_left_out_is_told() -> None:
    bundle = Bundle(source("", {"ada/a.ipynb": ""}).bundle.items, (("../x", "it leads out"),))
    assert read(Source(Path("p.zip"), bundle)).notes == ("p.zip: left out: ../x: it leads out",)


def test_what_must_be_read_and_cannot_be_is_said() -> None:
    def broken() -> Any:
        raise UnreadableError("it is damaged in the zip")

    names = (("submission_metadata.yml",), ("submission_1", "a.ipynb"))
    bundle = Bundle(tuple(Item(name, 1, broken) for name in names))
    with pytest.raises(CourseError, match=r"g.zip: submission_metadata.yml: it is damaged in the zip"):
        read(Source(Path("g.zip"), bundle))

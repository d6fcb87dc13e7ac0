"""Pages and marks packed for one upload.

Held against the sources of the systems:

- Moodle: moodle/moodle, mod/assign/feedback/file/importziplib.php (`is_valid_filename_for_import`: a folder
  `fullname_number_plugintype_pluginname_`, the number being that of a participant of the assignment) and
  mod/assign/feedback/offline/importgradeslib.php and locallib.php (which columns are read, and that a mark counts only
  where the time of the last grading is that of the download)
- Canvas: instructure/canvas-lms, app/models/abstract_assignment.rb (`infer_comment_context_from_filename`: of the parts
  between `_` the first two numbers, `LATE` aside, are user and file; the rest of the name is not looked at)
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from archived import notebook, row, worksheet, zipped
from entered import PART, UNIT, entry, say

from autograder.errors import CourseError
from autograder.gradebook import arrangements, released, results, terms
from autograder.lms import importing
from autograder.lms.returning import Returned, Target, give_back
from autograder.pages import feedback
from autograder.records import Course

PAGE = "<!doctype html><title>{}</title>"


@pytest.fixture
def ready(graded: Course) -> Course:
    """The class of `graded`, with the pages of those who have a result."""
    for student in ("ada", "bo", "stranger"):
        page = graded.root / "feedback" / student / UNIT.name / f"{UNIT.name}.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE.format(student))
    return graded


def take_in(course: Course, files: Mapping[str, bytes | str]) -> None:
    zipped(files, course.root / "download.zip")
    importing.take_in(course, course.units[0], [course.root / "download.zip"], replace=True)


def take_in_sheet(course: Course, text: str) -> None:
    (course.root / "Grades.csv").write_text(text)
    importing.take_in(course, course.units[0], [course.root / "Grades.csv"])


def returned(course: Course, target: Target) -> tuple[Returned, dict[str, bytes]]:
    done = give_back(course, course.units[0], course.root, target)
    return done, {path.name: path.read_bytes() for path in done.files}


def pages(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def lines(raw: bytes) -> dict[str, dict[str, str]]:
    """The rows of a table, by their first cell."""
    header, *rows = csv.reader(io.StringIO(raw.decode()))
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


FILE = "_assignsubmission_file_"
SHEET = worksheet(
    row(11, "Ada Lovelace", "s1", "ada@example.org").replace("100.00", "8.00"),
    row(12, "Bo Lee", "", "bo@example.org").replace("100.00", "8.00"),
    row(13, "Cy", "", "cy@example.org").replace("100.00", "8.00"),
    row(14, "=Zoë O'Neil", "", "zoe@example.org").replace("100.00", "8.00"),
)


def moodle_takes(name: str) -> tuple[int, str] | None:
    """What Moodle makes of the name of a file: the participant, and the name of the feedback file."""
    for part in (parts := name.split("/")):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isnumeric() and info[2:4] == ["assignsubmission", "file"]:
            return int(info[1]), "/".join(parts[1:])
    return None


def test_moodle_gets_pages_and_a_filled_worksheet(ready: Course) -> None:
    take_in(
        ready,
        {
            f"Ada Lovelace_11{FILE}/a.ipynb": notebook("a"),
            f"=Bo Lee_12{FILE}b.ipynb": notebook("b"),
            "G.csv": SHEET,
        },
    )
    done, files = returned(ready, "moodle")
    packed = pages(files["self-attention-moodle-feedback.zip"])
    assert packed == {
        f"Ada Lovelace_11{FILE}/self-attention.html": PAGE.format("ada"),
        f"=Bo Lee_12{FILE}/self-attention.html": PAGE.format("bo"),
    }
    assert {moodle_takes(name) for name in packed} == {
        (11, "self-attention.html"),
        (12, "self-attention.html"),
    }
    sheet = lines(files["G.csv"])
    assert [sheet[f"Participant {number}"]["Grade"] for number in (11, 12, 13, 14)] == ["5.5", "6", "", ""]
    assert sheet["Participant 11"]["Feedback comments"] == (
        "Self-attention: scaled_scores 3 of 3, softmax 2 of 3, why-sqrt-d_k 1.5 of 2, late: 1 less."
    )
    before = lines(SHEET.removeprefix("\ufeff").encode())
    kept = ("Identifier", "Email address", "Status", "Maximum grade", "Last modified (grade)")
    assert [[sheet[one][key] for key in kept] for one in sheet] == [
        [before[one][key] for key in kept] for one in before
    ]
    assert sheet["Participant 14"]["Full name"] == "'=Zoë O'Neil", "no formula"
    assert done.pages == 2
    assert done.notes == (
        "self-attention: not graded yet, left blank: cy",
        "self-attention: 2 of 4 wait for a person in formgrader: marks so far",
        "self-attention: not in roster.csv, left out: stranger",
        "without a page: cy: `autograder grade self-attention` writes it",
    )


def test_what_a_person_wrote_in_the_worksheet_stays_and_our_own_is_renewed(ready: Course) -> None:
    take_in(
        ready, {f"Ada Lovelace_11{FILE}/a.ipynb": notebook("a"), f"Bo Lee_12{FILE}/b.ipynb": notebook("b")}
    )
    rows = [line for line in SHEET.splitlines() if line]
    rows[1] += "Well done"
    rows[2] += "Self-attention: old."
    take_in_sheet(ready, "\n".join(rows))
    sheet = lines(returned(ready, "moodle")[1]["Grades.csv"])
    assert sheet["Participant 11"]["Feedback comments"] == "Well done"
    assert (
        sheet["Participant 12"]["Feedback comments"]
        == "Self-attention: scaled_scores 3 of 3, softmax 3 of 3."
    )


def test_who_is_in_the_worksheet_needs_no_download(ready: Course) -> None:
    """Work that was handed in otherwise, and a group's, whose folder has the group's number."""
    take_in_sheet(ready, SHEET)
    done, files = returned(ready, "moodle")
    assert set(pages(files["self-attention-moodle-feedback.zip"])) == {
        f"Ada Lovelace_11{FILE}/self-attention.html",
        f"Bo Lee_12{FILE}/self-attention.html",
    }
    grouped = SHEET.replace("Status,Grade", "Status,Group,Grade").replace('grading",,', 'grading","Team A",,')
    take_in(ready, {f"Team A_4711{FILE}/a.ipynb": notebook("a"), "Grades.csv": grouped})
    done, files = returned(ready, "moodle")
    assert {moodle_takes(name) for name in pages(files["self-attention-moodle-feedback.zip"])} == {
        (11, "self-attention.html"),
        (12, "self-attention.html"),
    }
    assert done.pages == 2


def test_without_a_worksheet_there_are_pages_alone(ready: Course) -> None:
    take_in(ready, {f"Ada Lovelace_11{FILE}/a.ipynb": notebook("a")})
    done, files = returned(ready, "moodle")
    assert list(files) == ["self-attention-moodle-feedback.zip"]
    assert done.pages == 1
    assert done.notes[-2:] == (
        "not in it, whose work did not come in a download of Moodle, and who are in no grading worksheet: bo",
        "no marks in it: download Moodle's grading worksheet, run `autograder import self-attention WORKSHEET` and then this "
        "again, or take `autograder export moodle`",
    )


def test_another_maximum_is_told(ready: Course) -> None:
    take_in_sheet(ready, SHEET.replace("8.00", '"100,00"', 1))
    assert (
        "Moodle's maximum grade is 100,00, and the unit has 8 points"
        in returned(ready, "moodle")[0].notes[-1]
    )


def canvas_takes(name: str) -> list[str]:
    """Canvas's numbers of user and file in a name."""
    parts = [part for part in name.split("_") if part != "LATE"]
    return [part for part in parts if re.fullmatch(r"\d+", part)][:2]


def test_canvas_gets_pages_under_its_own_names_and_the_gradebooks_file(ready: Course) -> None:
    take_in(
        ready,
        {"lovelaceada_LATE_101_900_a-1.ipynb": notebook("a"), "boformula_102_901_b.ipynb": notebook("b")},
    )
    done = give_back(ready, ready.units[0], ready.root, "canvas", columns={UNIT.name: "Attention (4711)"})
    files = {path.name: path.read_bytes() for path in done.files}
    packed = pages(files["self-attention-canvas-feedback.zip"])
    assert packed == {
        "lovelaceada_LATE_101_900_self-attention.html": PAGE.format("ada"),
        "boformula_102_901_self-attention.html": PAGE.format("bo"),
    }
    assert sorted(map(canvas_takes, packed)) == [["101", "900"], ["102", "901"]]
    table = list(csv.reader(io.StringIO(files["self-attention-canvas.csv"].decode())))
    assert [row[-1] for row in table] == ["Attention (4711)", "8", "5.5", "6", "", ""]


def test_canvas_gives_a_groups_feedback_to_all_its_members(ready: Course) -> None:
    """`generate_comments_from_files` in the same file: a comment on one member's submission is made on all of them."""
    (ready.root / "roster.csv").write_text("id,lms_user_id,group\nada,101,one\nbo,102,one\n")
    course = replace(ready, units=(replace(ready.units[0], groups=True),))
    take_in(course, {"teamone_101_900_a.ipynb": notebook("a")})
    done, files = returned(course, "canvas")
    assert list(pages(files["self-attention-canvas-feedback.zip"])) == ["teamone_101_900_self-attention.html"]
    assert not any("not in it" in note for note in done.notes)
    assert done.pages == 1


def test_a_folder_has_everyones_page_and_mark(ready: Course) -> None:
    arrangements.excuse(ready.root, UNIT.name, ["bo"])
    done, _ = returned(ready, "folder")
    top = ready.root / "exports" / "self-attention-feedback"
    assert {path.relative_to(top).as_posix() for path in done.files} == {
        "ada/self-attention.html",
        "bo/self-attention.html",
        "marks.csv",
    }
    sheet = lines((top / "marks.csv").read_bytes())
    assert [sheet["ada"][key] for key in ("score", "max_score", "softmax", "page")] == [
        "5.5", "8", "2", "ada/self-attention.html",
    ]  # fmt: skip
    assert [sheet["bo"]["score"], sheet["cy"]["score"], sheet["cy"]["page"], sheet["zoë"]["score"]] == [
        ""
    ] * 4


def test_the_same_pages_are_the_same_bytes_elsewhere_too(ready: Course, tmp_path: Path) -> None:
    take_in(ready, {"lovelaceada_101_900_a.ipynb": notebook("a")})
    _, files = returned(ready, "canvas")
    done = give_back(ready, ready.units[0], ready.root, "canvas", to=tmp_path / "to")
    assert {path.name: path.read_bytes() for path in done.files} == files
    assert {path.parent for path in done.files} == {tmp_path / "to"}


def test_pages_that_are_older_than_marks_are_told(ready: Course) -> None:
    result = entry(ready.root, "ada", PART).report
    results.write_all([(results.path(ready.root, UNIT.name, "ada"), results.encode(result))])
    say(ready.root, "ada", "softmax", "See me.")
    notes = returned(ready, "folder")[0].notes
    assert any(note.startswith("1 page is older than what people have given or said: ada:") for note in notes)
    unit = ready.units[0]
    holds = terms.read(ready, ready.root, unit)
    feedback.publish(ready.root, ready.root, unit, ["ada"], [released.read(ready.released(unit.name))], holds)
    done, _ = returned(ready, "folder")
    assert not any("older" in note for note in done.notes)
    assert b"See me." in done.files[0].read_bytes()


@pytest.mark.parametrize("target", ["moodle", "canvas"])
def test_names_that_are_not_known_are_asked_for(ready: Course, target: Target) -> None:
    with pytest.raises(
        CourseError, match=r"no work of self-attention came in a download of .*: run `autograder import"
    ):
        returned(ready, target)
    assert not (ready.root / "exports").exists()


def test_where_there_is_nothing_to_give_back_it_is_said(graded: Course) -> None:
    with pytest.raises(
        CourseError, match="there is no page of self-attention to give back: run `autograder grade"
    ):
        returned(graded, "canvas")
    with pytest.raises(CourseError, match="nobody's work in 'embeddings' has been graded yet"):
        give_back(graded, replace(UNIT, name="embeddings"), graded.root, "folder")


def test_a_place_that_cannot_be_written_is_named(ready: Course) -> None:
    (ready.root / "exports").write_text("a file")
    with pytest.raises(CourseError, match=r"exports.*: cannot be written"):
        returned(ready, "folder")


def test_a_name_in_the_gradebook_is_never_a_path(ready: Course) -> None:
    import sqlite3

    with sqlite3.connect(ready.root / "gradebook.db") as book:
        for table, column in (("student", "id"), ("submitted_assignment", "student_id")):
            book.execute(f"UPDATE {table} SET {column} = '../feedback/ada' WHERE {column} = 'stranger'")
    book.close()
    done, _ = returned(replace(ready, roster=None), "folder")
    assert all(path.resolve().is_relative_to(ready.root / "exports") for path in done.files)
    assert done.pages == 2

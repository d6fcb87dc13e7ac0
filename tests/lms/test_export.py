"""Grades for other systems."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from entered import FULL, UNIT, entry, extend, give

from autograder.errors import CourseError
from autograder.gradebook import bookkeeping, results
from autograder.lms import export as exports
from autograder.lms.export import export
from autograder.records import Course


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode())))


def test_csv_has_everything(graded: Course) -> None:
    done = export(graded, graded.root, "csv")
    (path,) = done.files
    assert path == graded.root / "exports" / "csv.csv"
    header, *rows = table(path)
    by_id = {row[1]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_id["ada"] == {
        "unit": "self-attention",
        "student_id": "ada",
        "last_name": "Lovelace",
        "first_name": "Ada",
        "email": "ada@example.org",
        "section": "Monday",
        "timestamp": "2026-03-02 12:00:00 UTC",
        "raw_score": "6.5",
        "late_penalty": "1",
        "score": "5.5",
        "max_score": "8",
        "review": "",
    }
    assert by_id["bo"]["score"] == "6"
    assert by_id["bo"]["review"] == "yes"
    assert [by_id["cy"][key] for key in ("raw_score", "late_penalty", "score")] == ["", "", ""]
    assert by_id["zoë"]["score"] == ""
    assert done.notes == (
        "self-attention: not graded yet, left blank: cy",
        "self-attention: 2 of 4 wait for a person in formgrader: marks so far",
        "self-attention: not in roster.csv, left out: stranger",
    )


def test_who_handed_in_nothing_is_marked_by_the_policy(graded: Course) -> None:
    rows = table(export(graded, graded.root, "csv", absent="zero").files[0])
    scores = {row[1]: row[9] for row in rows}
    assert (scores["zoë"], scores["cy"]) == ("0", ""), "our own failure is never a zero"


def test_an_extension_does_not_keep_who_is_absent_from_the_policy(graded: Course) -> None:
    before = table(export(graded, graded.root, "csv", absent="zero").files[0])
    extend(graded.root, "zoë", 3)
    assert table(export(graded, graded.root, "csv", absent="zero").files[0]) == before
    assert {row[1]: row[9] for row in before}["zoë"] == "0"
    give(graded.root, "zoë", "why-sqrt-d_k", manual_score=1.0)
    rows = table(export(graded, graded.root, "csv", absent="zero").files[0])
    assert {row[1]: row[9] for row in rows}["zoë"] == "", "a person has marked something of theirs"


def test_an_extension_alone_is_no_class(graded: Course) -> None:
    (graded.root / "gradebook.db").unlink()
    bookkeeping.write(graded.root, UNIT, [], graded.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb")
    extend(graded.root, "zoë", 3)
    with pytest.raises(CourseError, match=r"nothing in .* has been graded yet"):
        export(graded, graded.root, "csv", absent="zero")


def test_work_that_is_graded_never_gets_the_zero_of_the_absent(graded: Course) -> None:
    zoë = entry(graded.root, "zoë", FULL).report
    results.write_all([(results.path(graded.root, UNIT.name, "zoë"), results.encode(zoë))])
    done = export(graded, graded.root, "csv", absent="zero")
    assert {row[1]: row[9] for row in table(done.files[0])}["zoë"] == ""
    assert done.notes[0] == (
        "self-attention: graded and not in the gradebook yet, left blank: zoë: run `autograder grade self-attention`"
    )


def test_the_roster_may_spell_a_folders_name_with_other_characters(graded: Course) -> None:
    roster = graded.root / "roster.csv"
    roster.write_text("id,first_name\nZo\u00eb,Zoë\n")
    release = graded.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    bookkeeping.write(graded.root, UNIT, [entry(graded.root, "Zoe\u0308", FULL)], release)
    (path,) = export(graded, graded.root, "csv", absent="zero").files
    header, *rows = table(path)
    (zoe,) = [dict(zip(header, row, strict=True)) for row in rows]
    assert (zoe["student_id"], zoe["first_name"], zoe["score"]) == ("Zoe\u0308", "Zoë", "6")


def test_canvas_gets_points_possible_ids_and_sections(graded: Course, tmp_path: Path) -> None:
    columns = {"self-attention": "Attention (4711)"}
    done = export(graded, graded.root, "canvas", to=tmp_path / "to", columns=columns)
    assert done.files == (tmp_path / "to" / "canvas.csv",)
    assert table(done.files[0]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Attention (4711)"],
        ["    Points Possible", "", "", "", "", "8"],
        ["Lovelace, Ada", "101", "", "", "Monday", "5.5"],
        ['\'=HYPERLINK("http://evil"), Bo', "102", "", "", "'+Tuesday", "6"],
        ["Cy", "103", "", "", "", ""],
        ["O'Neil, Zoë", "104", "", "", "Monday", ""],
    ]


def test_moodle_gets_its_ids(graded: Course) -> None:
    rows = table(export(graded, graded.root, "moodle", units=["self-attention"]).files[0])
    assert rows[0] == ["First name", "Last name", "ID number", "Email address", "Self-attention"]
    assert rows[1] == ["Ada", "Lovelace", "101", "ada@example.org", "5.5"]


def test_missing_ids_are_named_and_nothing_is_written(graded: Course) -> None:
    roster = graded.root / "roster.csv"
    roster.write_text(roster.read_text().replace(",102,", ",,").replace(",104,", ",,"))
    with pytest.raises(
        CourseError, match=r"Canvas .* 2 of 4 lack \(bo, zoë\): fill the column lms_user_id in .*roster"
    ):
        export(graded, graded.root, "canvas")
    assert not (graded.root / "exports").exists()
    assert export(graded, graded.root, "moodle").files, "Moodle takes addresses as well"
    (graded.root / "roster.csv").write_text("id\nada\nbo\n")
    with pytest.raises(CourseError, match=r"Moodle .* 2 of 2 lack"):
        export(graded, graded.root, "moodle")


def test_without_a_roster_the_gradebook_says_who_there_is(graded: Course) -> None:
    course = replace(graded, roster=None)
    rows = table(export(course, graded.root, "csv").files[0])
    assert [row[1] for row in rows[1:]] == ["ada", "bo", "cy", "stranger"]
    with pytest.raises(CourseError, match=r"in the roster \(`roster` in course.toml\)"):
        export(course, graded.root, "canvas")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_no_cell_starts_a_formula(start: str) -> None:
    (row,) = list(csv.reader(io.StringIO(exports._csv([[f"{start}1+1", "1-1"]]).decode(), newline="")))
    assert row == [f"'{start}1+1", "1-1"]


def test_what_was_not_graded_is_said(graded: Course, tmp_path: Path) -> None:
    other = replace(graded, units=(replace(UNIT, name="embeddings"),))
    with pytest.raises(CourseError, match=r"nobody's work in 'embeddings' has been graded yet"):
        export(other, graded.root, "csv", units=["embeddings"])
    with pytest.raises(CourseError, match=r"nothing in .* has been graded yet"):
        export(other, graded.root, "csv")
    with pytest.raises(CourseError, match=r"no gradebook yet"):
        export(graded, tmp_path / "elsewhere", "csv")


def test_a_folder_that_cannot_be_written_is_named(graded: Course) -> None:
    (graded.root / "exports").write_text("a file")
    with pytest.raises(CourseError, match=r"exports.*cannot be written"):
        export(graded, graded.root, "csv")

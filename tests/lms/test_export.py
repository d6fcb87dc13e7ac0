"""Grades for other systems.

Canvas's file is held against instructure/canvas-lms, lib/gradebook_importer.rb: the columns before the assignments, the
row of points possible, a student by `ID` before all else, an assignment by the number after its title, else by its title,
else a new one, and EX for who is excused. Moodle's is mapped by whoever imports it (grade/import/csv of moodle/moodle).
"""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from entered import FULL, UNIT, entry, extend, give

from autograder import naming
from autograder.errors import CourseError
from autograder.gradebook import arrangements, bookkeeping, results, terms, unplaced
from autograder.gradebook import released as releases
from autograder.gradebook.submissions import Entry
from autograder.lms.export import export
from autograder.pages import feedback
from autograder.records import Course, Unplaced


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
        "excused": "",
        "mark:scaled_scores": "3",
        "mark:softmax": "2",
        "mark:why-sqrt-d_k": "1.5",
    }
    assert [by_id["cy"][f"mark:{name}"] for name in ("scaled_scores", "softmax")] == ["", ""], "not graded"
    assert [by_id["bo"]["mark:softmax"], by_id["bo"]["mark:why-sqrt-d_k"]] == ["3", ""], (
        "which waits for a person"
    )
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


def test_for_whom_it_is_not_due_yet_gets_no_zero(graded: Course) -> None:
    extend(graded.root, "zoë", 365 * 1000)
    done = export(graded, graded.root, "csv", absent="zero")
    row = next(row for row in table(done.files[0]) if row[1] == "zoë")
    assert (row[9], *row[13:]) == ("", "", "", "")
    note = "self-attention: not due yet and not handed in, left blank: zoë"
    assert note in done.notes
    assert note not in export(graded, graded.root, "csv").notes, "as all who handed in nothing"
    arrangements.excuse(graded.root, UNIT.name, ["zoë"])
    assert note not in export(graded, graded.root, "csv", absent="zero").notes


def test_an_extension_alone_is_no_class(graded: Course) -> None:
    (graded.root / "gradebook.db").unlink()
    release = graded.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    bookkeeping.write(graded.root, UNIT, [], [releases.read(release)])
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
    bookkeeping.write(graded.root, UNIT, [entry(graded.root, "Zoe\u0308", FULL)], [releases.read(release)])
    (path,) = export(graded, graded.root, "csv", absent="zero").files
    header, *rows = table(path)
    (zoe,) = [dict(zip(header, row, strict=True)) for row in rows]
    assert (zoe["student_id"], zoe["first_name"], zoe["score"]) == ("Zoe\u0308", "Zoë", "6")


def by_id(path: Path) -> dict[str, dict[str, str]]:
    header, *rows = table(path)
    return {row[1]: dict(zip(header, row, strict=True)) for row in rows}


def enter(course: Course, *students: str) -> None:
    release = course.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    entries = [entry(course.root, student, FULL) for student in students]
    bookkeeping.write(course.root, UNIT, entries, [releases.read(release)])


@pytest.mark.parametrize(
    "folder", ["Zo\u00eb", "zo\u00eb ", "ZOE\u0308", os.fsdecode("Zoë".encode("latin-1"))]
)
def test_who_can_alone_be_meant_gets_the_mark(graded: Course, folder: str) -> None:
    enter(graded, folder)
    rows = by_id(export(graded, graded.root, "csv", absent="zero").files[0])
    assert rows[naming.as_text(folder)]["score"] == "6"
    assert rows[naming.as_text(folder)]["first_name"] == "Zoë"


def test_a_spelling_of_one_unit_counts_in_that_unit(graded: Course) -> None:
    """A folder for one unit, and one in other letters for the next."""
    other = replace(UNIT, name="embeddings")
    course = replace(graded, units=(*graded.units, other))
    release = graded.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    both = replace(entry(graded.root, "BO", FULL).report, unit="embeddings")
    bookkeeping.write(graded.root, other, [Entry(both, {}, None)], [releases.read(release)])
    header, *rows = table(export(course, graded.root, "csv", absent="zero").files[0])
    scores = {(row[0], row[1]): dict(zip(header, row, strict=True))["score"] for row in rows}
    assert (scores["self-attention", "bo"], scores["embeddings", "bo"]) == ("6", "6")
    assert scores["embeddings", "ada"] == "0"


def test_whose_work_may_be_there_gets_no_zero(graded: Course) -> None:
    roster = graded.root / "roster.csv"
    roster.write_text("id,first_name,last_name\nada,Ada,L\nkim,Kim,Li\nsmith.john,,\nsam,Sam,Poe\nabsent,,\n")
    enter(graded, "Kim", "KIM", "smith.jon", "poe_sam")
    done = export(graded, graded.root, "csv", absent="zero")
    assert {id: row["score"] for id, row in by_id(done.files[0]).items()} == {
        "ada": "5.5",
        "kim": "",
        "smith.john": "",
        "sam": "",
        "absent": "0",
    }
    assert (
        "self-attention: not in roster.csv, left out: KIM (did you mean kim?), Kim (did you mean kim?), bo, cy, "
        "poe_sam (did you mean sam?) and 2 more"
    ) in done.notes
    doubt = (
        "self-attention: left blank, since work of nobody on the roster may be theirs: kim, sam, smith.john"
    )
    assert doubt in done.notes


def test_work_that_is_not_graded_is_told_and_no_zero(graded: Course) -> None:
    found = [Unplaced(f"{number}.zip", "why") for number in range(30)]
    unplaced.keep(
        graded.root, UNIT.name, [Unplaced("Zoë/homework.ipynb", "it is looked for", "ZO\u00cb"), *found]
    )
    done = export(graded, graded.root, "csv", absent="zero")
    assert by_id(done.files[0])["zoë"]["score"] == ""
    assert "self-attention: not graded: Zoë/homework.ipynb: it is looked for" in done.notes
    assert "self-attention: and 11 more that are not graded: see report/self-attention.html" in done.notes


def test_ids_of_a_gradebook_never_lead_out(graded: Course) -> None:
    course = replace(graded, roster=None)
    enter(graded, "fine")
    with sqlite3.connect(graded.root / "gradebook.db") as book:
        for table_, column in (("student", "id"), ("submitted_assignment", "student_id")):
            book.execute(f"UPDATE {table_} SET {column} = '../../../out' WHERE {column} = 'fine'")
    book.close()
    (graded.root / "course.toml").touch()
    files = export(course, graded.root, "gradescope", to=graded.root / "to" / "deep").files
    assert files
    assert all(path.resolve().is_relative_to(graded.root / "to" / "deep") for path in files)
    assert not list(graded.root.rglob("out"))


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


def test_a_question_may_have_a_column_of_its_own(graded: Course) -> None:
    """Canvas makes an assignment of every column that it does not know, Moodle asks for each what it is."""
    give(graded.root, "bo", "check-softmax", extra_credit=0.5)
    canvas = table(export(graded, graded.root, "canvas", questions=True).files[0])
    assert [row[5:] for row in canvas[:4]] == [
        [
            "Self-attention",
            *(f"Self-attention: {name}" for name in ("scaled_scores", "softmax", "why-sqrt-d_k")),
        ],
        ["8", "3", "3", "2"],
        ["5.5", "3", "2", "1.5"],
        ["6.5", "3", "3.5", ""],
    ]
    moodle = table(export(graded, graded.root, "moodle", questions=True, absent="zero").files[0])
    assert moodle[0][4:] == canvas[0][5:]
    assert moodle[4][4:] == ["0", "0", "0", "0"]


def test_who_is_excused_has_no_mark_and_canvas_is_told(graded: Course) -> None:
    arrangements.excuse(graded.root, UNIT.name, ["zoë", "ada"])
    done = export(graded, graded.root, "canvas", questions=True, absent="zero")
    assert {row[1]: row[5:] for row in table(done.files[0])[2:]} == {
        "101": ["EX"] * 4,
        "102": ["6", "3", "3", ""],
        "103": ["", "", "", ""],
        "104": ["EX"] * 4,
    }
    assert "self-attention: excused, left blank: ada, zoë" in done.notes
    rows = by_id(export(graded, graded.root, "csv", absent="zero").files[0])
    assert [rows["zoë"][key] for key in ("score", "excused", "mark:softmax")] == ["", "yes", ""]
    assert {row[2]: row[4] for row in table(export(graded, graded.root, "moodle").files[0])}["104"] == ""


def test_who_is_excused_waits_for_nobody(graded: Course) -> None:
    arrangements.excuse(graded.root, UNIT.name, ["bo"])
    done = export(graded, graded.root, "csv")
    assert "self-attention: 1 of 4 waits for a person in formgrader: marks so far" in done.notes
    assert by_id(done.files[0])["bo"]["review"] == ""


def test_moodle_gets_its_ids(graded: Course) -> None:
    rows = table(export(graded, graded.root, "moodle", units=["self-attention"]).files[0])
    assert rows[0] == ["First name", "Last name", "ID number", "Email address", "Self-attention"]
    assert rows[1] == ["Ada", "Lovelace", "101", "ada@example.org", "5.5"]


def test_moodles_own_id_comes_before_another_systems(graded: Course) -> None:
    (graded.root / "roster.csv").write_text("id,lms_user_id,moodle_id\nada,101,s1\nbo,102,\n")
    rows = table(export(graded, graded.root, "moodle").files[0])
    assert [row[2] for row in rows[1:]] == ["s1", "102"]


def test_two_of_whom_one_would_get_the_others_mark_are_named_and_nothing_is_written(graded: Course) -> None:
    roster = graded.root / "roster.csv"
    text = roster.read_text()
    roster.write_text(text.replace("102", "101"))
    for system in ("canvas", "moodle"):
        with pytest.raises(
            CourseError, match=rf"ada and bo are both 101, and {system.title()} would give both"
        ):
            export(graded, graded.root, system)  # type: ignore[arg-type]
    roster.write_text(text.replace("102", "").replace("bo@example", "Ada@example"))
    with pytest.raises(CourseError, match=r"ada and bo are both Ada@example\.org, and Moodle"):
        export(graded, graded.root, "moodle")
    assert not (graded.root / "exports").exists()
    roster.write_text(text.replace("bo@example", "ada@example"))
    assert len(table(export(graded, graded.root, "moodle").files[0])) == 5, (
        "which are not what Moodle goes by"
    )


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


def test_a_unit_that_is_graded_and_not_in_the_gradebook_is_told(graded: Course) -> None:
    """As where it was not released when it was graded."""
    other = replace(UNIT, name="layers")
    course = replace(graded, units=(*graded.units, other))
    assert not any(note.startswith("layers") for note in export(course, graded.root, "csv").notes)
    report = entry(graded.root, "ada", FULL).report
    results.write_all([(results.path(graded.root, "layers", "ada"), results.encode(report))])
    note = "layers: graded and nobody is in the gradebook yet, left out: run `autograder grade layers`, which says what stops it"
    assert note in export(course, graded.root, "csv").notes
    with pytest.raises(CourseError, match="layers is graded, and nobody is in the gradebook yet: run"):
        export(course, graded.root, "csv", units=["layers"])
    with pytest.raises(CourseError, match=r"^layers: graded and nobody is in the gradebook yet"):
        export(replace(graded, units=(other,)), graded.root, "csv")


def test_who_is_late_and_was_given_something_since_is_told(graded: Course) -> None:
    """What being late costs is a share of the marks, and worked out by the next grading."""
    (unit,), students = graded.units, ["ada", "bo"]
    release = releases.read(graded.root / "assignments" / UNIT.name / f"{UNIT.name}.ipynb")
    for student in students:
        report = entry(graded.root, student, FULL).report
        results.write_all([(results.path(graded.root, UNIT.name, student), results.encode(report))])

    def told() -> list[str]:
        notes = export(graded, graded.root, "csv").notes
        return [
            note for note in notes if note.startswith("self-attention: late, with marks or more time given")
        ]

    def publish() -> None:
        holds = terms.read(graded, graded.root, unit)
        feedback.publish(graded.root, graded.root, unit, students, [release], holds)

    publish()
    assert told() == []
    give(graded.root, "bo", "why-sqrt-d_k", manual_score=2.0)
    assert told() == [], "which was in time"
    give(graded.root, "ada", "why-sqrt-d_k", manual_score=2.0)
    (note,) = told()
    assert note.endswith(": ada: run `autograder grade self-attention`, then this again")
    publish()
    assert told() == []
    extend(graded.root, "ada", 1)
    assert told() == [note]


def test_marks_by_other_checks_than_the_newest_are_told(graded: Course) -> None:
    """As after `grade --student ada`, where the points of a question had changed."""
    note = "self-attention: the checks or points have changed, and not everyone is graded by them: bo: run `autograder grade self-attention`"
    for student, version in (("bo", "old"), ("ada", "new")):
        report = replace(entry(graded.root, student, FULL).report, course=version)
        place = results.path(graded.root, UNIT.name, student)
        results.write_all([(place, results.encode(report))])
        assert (note in export(graded, graded.root, "csv").notes) == (student == "ada")
        os.utime(place, ns=(0, int(student == "ada")))
    results.write_all([(results.path(graded.root, UNIT.name, "bo"), results.encode(report))])
    assert note not in export(graded, graded.root, "csv").notes


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

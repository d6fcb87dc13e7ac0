"""The gradebook, through nbgrader's own eyes."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, Entry, entry, give, grades, hand_in, release, report
from msgspec import structs
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from released import released

from autograder.errors import AutograderError
from autograder.gradebook import assignments, autograded, bookkeeping, penalties
from autograder.gradebook import released as releases
from autograder.records import Unit

__all__ = ["release"]  # a fixture


def test_scores_arrive_and_free_text_waits_for_a_person(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    ada = grades(tmp_path, "ada")
    assert {name: (g.auto_score, g.needs_manual_grade) for name, g in ada.items()} == {
        "check-scaled_scores": (3.0, False),
        "check-softmax": (0.5, False),
        "why-sqrt-d_k": (None, True),
    }
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        submission = book.find_submission(UNIT_NAME, "ada")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (3.5, 8.0, True)
        comments = {
            c.name: c.comment for c in book.find_submission_notebook(UNIT_NAME, UNIT_NAME, "ada").comments
        }
    assert comments["softmax"] == (
        "softmax: 0.5 of 3 points\n\n"
        "- The sum runs along another axis (`softmax.wrong-axis`, line 4 of the cell)\n"
        "- Not passed: rows sum to one. Some rows do not sum to one."
    )
    assert comments["scaled_scores"] == "scaled_scores: 3 of 3 points"
    assert comments["why-sqrt-d_k"] is None


def test_the_assignment_is_read_once_while_nobody_else_changes_the_gradebook(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, honest = [], assignments.enter
    monkeypatch.setattr(assignments, "enter", lambda *given: read.append(1) or honest(*given))
    made = [releases.read(release)]

    def write(student: str, known: bookkeeping.Known | None, unit: Unit = UNIT) -> bookkeeping.Known | None:
        return bookkeeping.write(tmp_path, unit, [entry(tmp_path, student, FULL)], made, known=known)

    known = write("ada", None)
    known = write("bo", known)
    known = write("cy", known)
    assert len(read) == 1
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=2.0)
    known = write("di", known)
    assert len(read) == 2, "a person has given marks since"
    known = write("eve", known)
    assert len(read) == 2
    write("fay", known, replace(UNIT, due=datetime(2026, 3, 1, tzinfo=UTC)))
    assert len(read) == 3, "it is due at another time"
    rows = [grades(tmp_path, student) for student in ("ada", "bo", "cy", "di", "eve", "fay")]
    assert all(len(found) == 3 and found["check-softmax"].auto_score == 3 for found in rows)


def test_nbgraders_own_export_and_formgrader_lists_agree(tmp_path: Path, release: Path) -> None:
    (tmp_path / "solutions" / UNIT_NAME).mkdir(parents=True)
    at = "2026-03-01 10:00:00.000000 UTC"
    entries = [entry(tmp_path, "ada", PART, timestamp=at), entry(tmp_path, "bo", FULL)]
    bookkeeping.write(tmp_path, UNIT, entries, [releases.read(release)])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        plugin = CsvExportPlugin()
        plugin.to = str(tmp_path / "grades.csv")
        plugin.export(book)
    rows = (tmp_path / "grades.csv").read_text().splitlines()
    assert rows[1] == f"{UNIT_NAME},,2026-03-01 10:00:00,ada,,,,3.5,0.0,3.5,8.0"
    course = CourseDirectory(
        root=str(tmp_path), source_directory="solutions", release_directory="assignments"
    )
    formgrader = NbGraderAPI(course)
    listed = {row["student"]: row for row in formgrader.get_submissions(UNIT_NAME)}
    assert listed["ada"]["autograded"]
    assert listed["ada"]["score"] == 3.5
    assert listed["bo"]["autograded"]
    assert len(formgrader.get_notebook_submissions(UNIT_NAME, UNIT_NAME)) == 2


def test_what_people_gave_survives_every_regrade(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    give(tmp_path, "ada", "check-softmax", manual_score=2.0, extra_credit=0.25)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    same = grades(tmp_path, "ada")
    assert not any(grade.needs_manual_grade for grade in same.values())
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL, digest="two")], [releases.read(release)])
    changed = grades(tmp_path, "ada")
    assert {
        name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
        for name, g in changed.items()
    } == {
        "check-scaled_scores": (3.0, None, None, False),
        "check-softmax": (3.0, 2.0, 0.25, True),
        "why-sqrt-d_k": (None, 1.5, None, True),
    }
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL, digest="two")], [releases.read(release)])
    assert grades(tmp_path, "ada")["why-sqrt-d_k"].needs_manual_grade, "still to be looked at"


def test_a_mended_grader_asks_for_a_look_at_the_overrides_it_concerns(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    give(tmp_path, "ada", "check-softmax", manual_score=2.0)
    give(tmp_path, "ada", "check-scaled_scores", manual_score=3.0)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert grades(tmp_path, "ada")["check-softmax"].needs_manual_grade
    assert not grades(tmp_path, "ada")["check-scaled_scores"].needs_manual_grade


def test_not_graded_is_blank_and_unreadable_is_zero(tmp_path: Path, release: Path) -> None:
    broken = hand_in(tmp_path, "bo", {})
    broken.write_text("no notebook")
    unreadable = report("bo", {}, status="unreadable", reason="not JSON")
    bookkeeping.write(
        tmp_path,
        UNIT,
        [entry(tmp_path, "ada", FULL), Entry(unreadable, {UNIT.name: broken}, broken.parent)],
        [releases.read(release)],
    )
    assert {name: g.auto_score for name, g in grades(tmp_path, "bo").items()} == {
        "check-scaled_scores": 0.0,
        "check-softmax": 0.0,
        "why-sqrt-d_k": 0.0,
    }
    assert not any(g.needs_manual_grade for g in grades(tmp_path, "bo").values()), "there is nothing to read"
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], [releases.read(release)])
    assert grades(tmp_path, "bo")["why-sqrt-d_k"].needs_manual_grade
    assert grades(tmp_path, "bo")["why-sqrt-d_k"].auto_score is None
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", None)], [releases.read(release)])
    assert all(g.auto_score is None and g.needs_manual_grade for g in grades(tmp_path, "ada").values())


def test_a_free_text_cell_left_as_it_came_says_so(tmp_path: Path, release: Path) -> None:
    notebook = hand_in(tmp_path, "ada", released())
    bookkeeping.write(
        tmp_path,
        UNIT,
        [Entry(report("ada", FULL), {UNIT.name: notebook}, notebook.parent)],
        [releases.read(release)],
    )
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.find_comment("why-sqrt-d_k", UNIT_NAME, UNIT_NAME, "ada").comment == "No response."
        assert book.find_grade("why-sqrt-d_k", UNIT_NAME, UNIT_NAME, "ada").needs_manual_grade


def test_odd_names_are_only_names(tmp_path: Path, release: Path) -> None:
    names = ["Zoë O'Neil", "-rf", "=cmd()", 'quo"te; DROP TABLE grade', "ünï %2e*?"]
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, name, FULL) for name in names], [releases.read(release)]
    )
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == set(names)
    assert {path.parts[-3] for path in tmp_path.glob("autograded/*/*/*.ipynb")} == set(names)


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(AutograderError, match=r"cannot be written"):
        bookkeeping.write(tmp_path / "out", UNIT, [], [releases.read(release)])


def test_notebooks_that_cannot_be_written_are_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "autograded").write_text("a file")
    with pytest.raises(AutograderError, match=r"autograded.*cannot be written .* run this again"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0


def test_nothing_is_half_written(tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    before = (tmp_path / "gradebook.db").read_bytes()

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(penalties, "enter", power_cut)
    with pytest.raises(KeyboardInterrupt):
        bookkeeping.write(
            tmp_path,
            UNIT,
            [entry(tmp_path, "ada", FULL), entry(tmp_path, "bo", FULL)],
            [releases.read(release)],
        )
    assert (tmp_path / "gradebook.db").read_bytes() == before


def test_names_that_are_no_utf8_stay_two_students(tmp_path: Path, release: Path) -> None:
    """An old zip's names may differ in one byte of Latin-1 alone."""
    one, other, literal = os.fsdecode(b"zo\xeb"), os.fsdecode(b"zo\xe9"), "zo=EB"
    marks = {one: FULL, other: PART, literal: FULL}
    for _ in range(2):
        entries = [entry(tmp_path, name, scores) for name, scores in marks.items()]
        bookkeeping.write(tmp_path, UNIT, entries, [releases.read(release)])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == {"zo=EB", "zo=E9", "zo=3DEB"}
    assert grades(tmp_path, "zo=EB")["check-softmax"].auto_score == 3.0
    assert grades(tmp_path, "zo=E9")["check-softmax"].auto_score == 0.5
    assert {path.name for path in (tmp_path / "autograded").iterdir()} == {"zo=EB", "zo=E9", "zo=3DEB"}


def test_a_notebook_is_read_where_it_is_graded_and_again_after_another_release(
    tmp_path: Path, release: Path
) -> None:
    known = releases.read(release)
    read = entry(tmp_path, "ada", FULL)
    prepared = autograded.prepare(known, read.report, read.notebooks[UNIT.name])
    gone = replace(read, notebooks={})
    place = autograded.folder(tmp_path, "ada", UNIT.name) / f"{UNIT.name}.ipynb"
    bookkeeping.write(tmp_path, UNIT, [replace(gone, prepared=(prepared,))], [releases.read(release)])
    assert place.read_bytes() == prepared.document
    bookkeeping.write(
        tmp_path,
        UNIT,
        [replace(gone, prepared=(structs.replace(prepared, release="old"),))],
        [releases.read(release)],
    )
    assert place.read_bytes() == autograded.prepare(known, read.report, None).document != prepared.document

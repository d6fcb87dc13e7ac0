"""The gradebook, through nbgrader's own eyes."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from released import UNIT_NAME, answered, released

from autograder import gradebook
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import Entry
from autograder.records import Check, Diagnosis, Function, FunctionReport, Report, Tolerance, Unit
from autograder.roster import Student

UNIT = Unit(
    UNIT_NAME,
    "Self-attention",
    (Function("scaled_scores", 3.0, Tolerance()), Function("softmax", 3.0, Tolerance())),
)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "assignments" / UNIT_NAME / f"{UNIT_NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(released()))
    return path


def report(student: str, scores: Mapping[str, float] | None, *, digest: str = "one", **fields: Any) -> Report:
    functions = (
        ()
        if scores is None
        else tuple(
            FunctionReport(
                name,
                score,
                3.0,
                False,
                (Check("rows sum to one", score == 3.0, 3.0, "Some rows do not sum to one."),),
                ()
                if score == 3.0
                else (Diagnosis(f"{name}.wrong-axis", "The sum runs along another axis", line=4),),
            )
            for name, score in scores.items()
        )
    )
    total = None if scores is None else sum(scores.values())
    status = fields.pop("status", "graded" if scores is not None else "not-graded")
    return Report(
        UNIT_NAME, "Self-attention", student, status, total, 6.0, functions, submission=digest, **fields
    )


def hand_in(out: Path, student: str, notebook: dict[str, Any], timestamp: str | None = None) -> Path:
    path = out / "submitted" / student / UNIT_NAME / f"{UNIT_NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    if timestamp is not None:
        (path.parent / "timestamp.txt").write_text(timestamp)
    return path


def entry(out: Path, student: str, scores: Mapping[str, float] | None, **fields: Any) -> Entry:
    timestamp = fields.pop("timestamp", None)
    notebook = hand_in(out, student, answered("Because the dot product grows with $d_k$."), timestamp)
    return Entry(report(student, scores, **fields), notebook)


FULL = {"scaled_scores": 3.0, "softmax": 3.0}
PART = {"scaled_scores": 3.0, "softmax": 0.5}


def grades(out: Path, student: str) -> dict[str, api.Grade]:
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        notebook = book.find_submission_notebook(UNIT_NAME, UNIT_NAME, student)
        found = {grade.name: grade for grade in notebook.grades}
        for grade in found.values():
            grade.to_dict()  # loads what is deferred
        book.db.expunge_all()
        return found


def give(out: Path, student: str, cell: str, **fields: float) -> None:
    """What formgrader does when a person enters a mark."""
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        grade = book.find_grade(cell, UNIT_NAME, UNIT_NAME, student)
        for field, value in fields.items():
            setattr(grade, field, value)
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        book.db.commit()


def test_scores_arrive_and_free_text_waits_for_a_person(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)], release)
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


def test_nbgraders_own_export_and_formgrader_lists_agree(tmp_path: Path, release: Path) -> None:
    (tmp_path / "solutions" / UNIT_NAME).mkdir(parents=True)
    at = "2026-03-01 10:00:00.000000 UTC"
    entries = [entry(tmp_path, "ada", PART, timestamp=at), entry(tmp_path, "bo", FULL)]
    gradebook.write(tmp_path, UNIT, entries, release)
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
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    give(tmp_path, "ada", "check-softmax", manual_score=2.0, extra_credit=0.25)
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    same = grades(tmp_path, "ada")
    assert not any(grade.needs_manual_grade for grade in same.values())
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL, digest="two")], release)
    changed = grades(tmp_path, "ada")
    assert {
        name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
        for name, g in changed.items()
    } == {
        "check-scaled_scores": (3.0, None, None, False),
        "check-softmax": (3.0, 2.0, 0.25, True),
        "why-sqrt-d_k": (None, 1.5, None, True),
    }
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL, digest="two")], release)
    assert grades(tmp_path, "ada")["why-sqrt-d_k"].needs_manual_grade, "still to be looked at"


def test_a_mended_grader_asks_for_a_look_at_the_overrides_it_concerns(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    give(tmp_path, "ada", "check-softmax", manual_score=2.0)
    give(tmp_path, "ada", "check-scaled_scores", manual_score=3.0)
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert grades(tmp_path, "ada")["check-softmax"].needs_manual_grade
    assert not grades(tmp_path, "ada")["check-scaled_scores"].needs_manual_grade


def test_not_graded_is_blank_and_unreadable_is_zero(tmp_path: Path, release: Path) -> None:
    broken = hand_in(tmp_path, "bo", {})
    broken.write_text("no notebook")
    unreadable = report("bo", {}, status="unreadable", reason="not JSON")
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL), Entry(unreadable, broken)], release)
    assert {name: g.auto_score for name, g in grades(tmp_path, "bo").items()} == {
        "check-scaled_scores": 0.0,
        "check-softmax": 0.0,
        "why-sqrt-d_k": None,
    }
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", None)], release)
    assert all(g.auto_score is None and g.needs_manual_grade for g in grades(tmp_path, "ada").values())


def test_a_free_text_cell_left_as_it_came_says_so(tmp_path: Path, release: Path) -> None:
    notebook = hand_in(tmp_path, "ada", released())
    gradebook.write(tmp_path, UNIT, [Entry(report("ada", FULL), notebook)], release)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.find_comment("why-sqrt-d_k", UNIT_NAME, UNIT_NAME, "ada").comment == "No response."
        assert book.find_grade("why-sqrt-d_k", UNIT_NAME, UNIT_NAME, "ada").needs_manual_grade


CONFIG = """
from nbgrader.plugins import LateSubmissionPlugin

class PerDay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400

c = get_config()
c.CourseDirectory.course_id = "attention"
c.AssignLatePenalties.plugin_class = PerDay
"""


def test_late_penalties_follow_the_courses_policy_and_extensions(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text(CONFIG)
    unit = Unit(UNIT.name, UNIT.title, UNIT.functions, due=datetime(2026, 3, 1, 12, tzinfo=UTC))

    def regrade() -> dict[str, float | None]:
        stamps = {
            "early": "2026-03-01 11:59:00 UTC",
            "late": "2026-03-03 12:00:00.000000 UTC",
            "extended": "2026-03-03 12:00:00.000000 UTC",
            "hopeless": "2026-06-03 12:00:00.000000 UTC",
            "odd": "the dog ate it",
        }
        entries = [entry(tmp_path, student, PART, timestamp=stamp) for student, stamp in stamps.items()]
        gradebook.write(tmp_path, unit, entries, release, config=config)
        with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
            notebooks = book.notebook_submissions(UNIT_NAME, UNIT_NAME)
            assert book.find_assignment(UNIT_NAME).course_id == "attention"
            return {notebook.student.id: notebook.late_submission_penalty for notebook in notebooks}

    assert regrade() == {"early": None, "late": 2.0, "extended": 2.0, "hopeless": 3.5, "odd": None}
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.find_submission(UNIT_NAME, "extended").extension = timedelta(days=7)
        book.db.commit()
    assert regrade() == {"early": None, "late": 2.0, "extended": None, "hopeless": 3.5, "odd": None}


def test_a_broken_config_is_named(tmp_path: Path, release: Path) -> None:
    config = tmp_path / "nbgrader_config.py"
    config.write_text("raise RuntimeError('half written')")
    with pytest.raises(CourseError, match=r"nbgrader_config.py: RuntimeError: half written"):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release, config=config)


def test_enrolled_students_keep_their_submissions(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    gradebook.enrol(tmp_path, [Student("ada", "Ada", "Lovelace", "ada@example.org", "17"), Student("bo")])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        ada = book.find_student("ada")
        assert (ada.first_name, ada.lms_user_id, ada.score) == ("Ada", "17", 6.0)
        assert book.find_student("bo").first_name is None


def test_odd_names_are_only_names(tmp_path: Path, release: Path) -> None:
    names = ["Zoë O'Neil", "-rf", "=cmd()", 'quo"te; DROP TABLE grade', "ünï %2e*?"]
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, name, FULL) for name in names], release)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == set(names)
    assert {path.parts[-3] for path in tmp_path.glob("autograded/*/*/*.ipynb")} == set(names)


# ------------------------------------------------------------------------------------- gradebooks that cannot be used


def test_a_gradebook_of_another_course_is_left_alone(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    other = released()
    other["cells"][1]["metadata"]["nbgrader"]["grade_id"] = "warm-up"
    release.write_text(json.dumps(other))
    with pytest.raises(
        AutograderError, match=r"gradebook.db: the assignment .* in the cells scaled_scores, warm-up"
    ):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], release)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert [student.id for student in book.students] == ["ada"]
    assert not (tmp_path / "autograded" / "bo").exists()


def test_an_assignment_with_other_notebooks_is_left_alone(tmp_path: Path, release: Path) -> None:
    gradebook.enrol(tmp_path, [])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment(UNIT_NAME)
        book.add_notebook("problem 1", UNIT_NAME)
    with pytest.raises(AutograderError, match=r"holds the notebooks problem 1"):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)


def test_cells_are_renewed_while_nobody_has_submitted(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [], release)
    document = released()
    document["cells"][-1]["metadata"]["nbgrader"] |= {"grade_id": "why-scale", "points": 5}
    release.write_text(json.dumps(document))
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert set(grades(tmp_path, "ada")) == {"check-scaled_scores", "check-softmax", "why-scale"}
    assert grades(tmp_path, "ada")["why-scale"].max_score == 5.0


def test_points_that_disagree_with_the_release_are_refused(tmp_path: Path, release: Path) -> None:
    unit = Unit(UNIT.name, UNIT.title, (Function("softmax", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"check-softmax has 3 points, course.toml gives softmax 4"):
        gradebook.write(tmp_path, unit, [], release)
    unit = Unit(UNIT.name, UNIT.title, (Function("attend", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"no cell check-attend: run `autograder release self-attention`"):
        gradebook.write(tmp_path, unit, [], release)


def test_a_gradebook_of_an_older_nbgrader_is_named(tmp_path: Path, release: Path) -> None:
    with sqlite3.connect(tmp_path / "gradebook.db") as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.execute("INSERT INTO alembic_version VALUES ('167914646830')")
    old.close()
    with pytest.raises(
        AutograderError, match=r"another version of nbgrader \(167914646830\).*nbgrader db upgrade"
    ):
        gradebook.write(tmp_path, UNIT, [], release)
    with sqlite3.connect(tmp_path / "gradebook.db") as old:
        old.execute("DROP TABLE alembic_version")
        old.execute("CREATE TABLE grade (id VARCHAR(32))")
    old.close()
    with pytest.raises(AutograderError, match=r"before 0.6"):
        gradebook.write(tmp_path, UNIT, [], release)


def test_a_file_that_is_no_database_is_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"gradebook.db: damaged \(file is not a database\)"):
        gradebook.write(tmp_path, UNIT, [], release)


def test_a_locked_gradebook_is_waited_for_and_then_named(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [], release)
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    for hold in ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM grade"):
        for statement in hold.split("; "):
            formgrader.execute(statement)
        with pytest.raises(AutograderError, match=r"locked by another program"):
            gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release, patience=0.3)
        formgrader.execute("ROLLBACK")
    formgrader.close()
    assert not (tmp_path / "autograded").exists()
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)


def test_a_gradebook_that_cannot_be_written_is_named(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [], release)
    (
        tmp_path / "gradebook.db-journal"
    ).mkdir()  # root may write to any file, but not start SQLite's journal here
    with pytest.raises(AutograderError, match=r"gradebook.db: cannot be written"):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(AutograderError, match=r"cannot be written"):
        gradebook.write(tmp_path / "out", UNIT, [], release)


def test_notebooks_that_cannot_be_written_are_named(tmp_path: Path, release: Path) -> None:
    (tmp_path / "autograded").write_text("a file")
    with pytest.raises(AutograderError, match=r"autograded.*cannot be written .* run this again"):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0


def test_nothing_is_half_written(tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    before = (tmp_path / "gradebook.db").read_bytes()

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(gradebook, "_write_penalties", power_cut)
    with pytest.raises(KeyboardInterrupt):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL), entry(tmp_path, "bo", FULL)], release)
    assert (tmp_path / "gradebook.db").read_bytes() == before


def test_no_program_on_the_path_is_needed(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # nbgrader itself calls alembic for a new gradebook
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0


def test_an_empty_file_becomes_a_gradebook(tmp_path: Path, release: Path) -> None:
    (tmp_path / "gradebook.db").touch()
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert grades(tmp_path, "ada")["check-softmax"].auto_score == 3.0


# ------------------------------------------------------------------------------------------------------------ backups


def test_backups_are_kept_a_number_of_times(tmp_path: Path, release: Path) -> None:
    assert gradebook.backup(tmp_path) is None
    gradebook.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], release)
    first = gradebook.backup(tmp_path, keep=2)
    assert first is not None
    assert gradebook.backup(tmp_path, keep=2) == first, "nothing has changed"
    assert gradebook.backup(tmp_path, keep=0) is None
    copies = [first]
    for student in ("bo", "cy"):
        gradebook.write(tmp_path, UNIT, [entry(tmp_path, student, FULL)], release)
        copy = gradebook.backup(tmp_path, keep=2)
        assert copy is not None
        copies.append(copy)
    assert sorted((tmp_path / "gradebook-backups").iterdir()) == copies[1:]
    os.replace(copies[1], tmp_path / "gradebook.db")  # how to restore
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == {"ada", "bo"}


def test_a_backup_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"x" * 8192)
    with pytest.raises(AutograderError, match=r"no backup could be made .* nothing was changed"):
        gradebook.backup(tmp_path)
    assert list((tmp_path / "gradebook-backups").iterdir()) == []


def test_a_backup_does_not_wait_for_ever(tmp_path: Path, release: Path) -> None:
    gradebook.write(tmp_path, UNIT, [], release)
    formgrader = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    formgrader.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AutograderError, match=r"no backup could be made .*locked"):
        gradebook.backup(tmp_path, patience=0.3)
    formgrader.execute("ROLLBACK")
    formgrader.execute("BEGIN IMMEDIATE")
    assert gradebook.backup(tmp_path, patience=0.3) is not None, "who writes does not keep from reading"
    formgrader.close()


def test_a_name_that_is_no_utf8_is_kept_as_well_as_can_be(tmp_path: Path, release: Path) -> None:
    name = os.fsdecode(b"zo\xeb")
    gradebook.write(tmp_path, UNIT, [Entry(report(name, FULL), None)], release)
    assert grades(tmp_path, "zo?")["check-softmax"].auto_score == 3.0
    gradebook.write(tmp_path, UNIT, [Entry(report(name, PART), None)], release)
    assert grades(tmp_path, "zo?")["check-softmax"].auto_score == 0.5

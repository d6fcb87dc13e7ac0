"""Gradebooks of another course, and cells that changed."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, entry, give, grades, release, say, with_question
from nbgrader import api
from released import released

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import bookkeeping, drift, enrolment, handwork, results, standings
from autograder.gradebook import released as releases
from autograder.gradebook.results import ResultFile
from autograder.records import Function, Tolerance, Unit

__all__ = ["release"]  # a fixture


def test_a_gradebook_of_another_course_is_left_alone(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        notebook = book.find_notebook(UNIT_NAME, UNIT_NAME)
        for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.source_cells):
            cell.name = f"other-{cell.name}"
        book.db.commit()
    with pytest.raises(
        AutograderError, match=r"gradebook.db: the assignment .* has no cell of .*move it and"
    ):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], [releases.read(release)])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert [student.id for student in book.students] == ["ada"]
    assert not (tmp_path / "autograded" / "bo").exists()


def test_an_assignment_with_other_notebooks_is_left_alone(tmp_path: Path, release: Path) -> None:
    enrolment.enrol(tmp_path, [])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment(UNIT_NAME)
        book.add_notebook("problem 1", UNIT_NAME)
    with pytest.raises(AutograderError, match=r"holds the notebooks problem 1"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])


def test_cells_are_renewed_while_nobody_has_submitted(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    document = released()
    document["cells"][-1]["metadata"]["nbgrader"] |= {"grade_id": "why-scale", "points": 5}
    release.write_text(json.dumps(document))
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert set(grades(tmp_path, "ada")) == {"check-scaled_scores", "check-softmax", "why-scale"}
    assert grades(tmp_path, "ada")["why-scale"].max_score == 5.0


def test_a_question_enters_and_leaves_and_what_people_gave_stays(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    give(tmp_path, "ada", "check-softmax", manual_score=2.0, extra_credit=0.25)
    say(tmp_path, "ada", "softmax", "Nearly.")
    before = handwork.read(tmp_path / "gradebook.db")
    document = with_question(released())
    release.write_text(json.dumps(document))
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    assert handwork.read(tmp_path / "gradebook.db") == before
    assert {
        name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
        for name, grade in grades(tmp_path, "ada").items()
    } == {
        "check-scaled_scores": (3.0, None, False),
        "why-softmax": (None, None, True),
        "check-softmax": (0.5, 2.0, False),
        "why-sqrt-d_k": (None, 1.5, False),
    }
    (ada, bo) = (standings.read(tmp_path, UNIT_NAME)[student] for student in ("ada", "bo"))
    assert [mark.name for mark in ada.marks] == [
        "check-scaled_scores", "why-softmax", "check-softmax", "why-sqrt-d_k"
    ], "in the notebook's order"  # fmt: skip
    assert ada.max_score == 11.0
    kept = {student: one.report for student, one in (("bo", entry(tmp_path, "bo", FULL)),)}
    files = {
        name: msgspec.json.decode(results.encode(report), type=ResultFile) for name, report in kept.items()
    }
    assert drift.behind(tmp_path, UNIT, files, {}) == ["bo"], "who has no row for the new question yet"
    assert len(bo.marks) == 3
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], [releases.read(release)])
    assert drift.behind(tmp_path, UNIT, files, {}) == []
    assert not grades(tmp_path, "bo")["why-sqrt-d_k"].manual_score

    # And back: the question goes, and only what was given for it.
    give(tmp_path, "ada", "why-softmax", manual_score=1.0)
    release.write_text(json.dumps(released()))
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    assert handwork.read(tmp_path / "gradebook.db") == before
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.db.query(api.Grade).filter_by(cell_id=None).count() == 0
        assert book.db.query(api.Comment).filter_by(cell_id=None).count() == 0
        assert book.find_submission(UNIT_NAME, "ada").max_score == 8.0


def test_a_question_of_another_kind_keeps_its_marks(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    say(tmp_path, "ada", "why-sqrt-d_k", "Say more.")
    before = handwork.read(tmp_path / "gradebook.db")
    document = released()
    document["cells"][-1]["metadata"]["nbgrader"] |= {"grade": False, "solution": False, "task": True}
    release.write_text(json.dumps(document))
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert before
    assert handwork.read(tmp_path / "gradebook.db") == before
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert [cell.name for cell in book.find_notebook(UNIT_NAME, UNIT_NAME).task_cells] == ["why-sqrt-d_k"]
        assert book.find_submission(UNIT_NAME, "ada").score == 7.5


def test_points_that_disagree_with_the_release_are_refused(tmp_path: Path, release: Path) -> None:
    unit = Unit(UNIT.name, UNIT.title, (Function("softmax", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"check-softmax has 3 points, course.toml gives softmax 4"):
        bookkeeping.write(tmp_path, unit, [], [releases.read(release)])
    unit = Unit(UNIT.name, UNIT.title, (Function("attend", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"no cell check-attend: run `autograder release self-attention`"):
        bookkeeping.write(tmp_path, unit, [], [releases.read(release)])

"""Gradebooks of another course, and cells that changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from entered import FULL, UNIT, UNIT_NAME, entry, grades, release
from nbgrader import api
from released import released

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import bookkeeping, enrolment
from autograder.records import Function, Tolerance, Unit

__all__ = ["release"]  # a fixture


def test_a_gradebook_of_another_course_is_left_alone(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    other = released()
    other["cells"][1]["metadata"]["nbgrader"]["grade_id"] = "warm-up"
    release.write_text(json.dumps(other))
    with pytest.raises(
        AutograderError, match=r"gradebook.db: the assignment .* in the cells scaled_scores, warm-up"
    ):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "bo", FULL)], release)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert [student.id for student in book.students] == ["ada"]
    assert not (tmp_path / "autograded" / "bo").exists()


def test_an_assignment_with_other_notebooks_is_left_alone(tmp_path: Path, release: Path) -> None:
    enrolment.enrol(tmp_path, [])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment(UNIT_NAME)
        book.add_notebook("problem 1", UNIT_NAME)
    with pytest.raises(AutograderError, match=r"holds the notebooks problem 1"):
        bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)


def test_cells_are_renewed_while_nobody_has_submitted(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [], release)
    document = released()
    document["cells"][-1]["metadata"]["nbgrader"] |= {"grade_id": "why-scale", "points": 5}
    release.write_text(json.dumps(document))
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], release)
    assert set(grades(tmp_path, "ada")) == {"check-scaled_scores", "check-softmax", "why-scale"}
    assert grades(tmp_path, "ada")["why-scale"].max_score == 5.0


def test_points_that_disagree_with_the_release_are_refused(tmp_path: Path, release: Path) -> None:
    unit = Unit(UNIT.name, UNIT.title, (Function("softmax", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"check-softmax has 3 points, course.toml gives softmax 4"):
        bookkeeping.write(tmp_path, unit, [], release)
    unit = Unit(UNIT.name, UNIT.title, (Function("attend", 4.0, Tolerance()),))
    with pytest.raises(CourseError, match=r"no cell check-attend: run `autograder release self-attention`"):
        bookkeeping.write(tmp_path, unit, [], release)

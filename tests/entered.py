"""Submissions and marks as they are entered in the gradebook."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader import api
from released import UNIT_NAME, answered, released

from autograder.gradebook.submissions import Entry
from autograder.records import Check, Diagnosis, Function, FunctionReport, Report, Tolerance, Unit

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


def with_question(notebook: dict[str, Any]) -> dict[str, Any]:
    """The lesson with one more question, in its middle: `why-softmax`, for a person to mark."""
    question = json.loads(json.dumps(notebook["cells"][-1]))
    question["id"] = "why-softmax"
    question["metadata"]["nbgrader"] |= {"grade_id": "why-softmax", "points": 3}
    notebook["cells"].insert(3, question)
    return notebook


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
    return Entry(report(student, scores, **fields), {UNIT.name: notebook}, notebook.parent)


FULL = {"scaled_scores": 3.0, "softmax": 3.0}

PART = {"scaled_scores": 3.0, "softmax": 0.5}

CONFIG = """
from nbgrader.plugins import LateSubmissionPlugin

class PerDay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400

c = get_config()
c.CourseDirectory.course_id = "attention"
c.AssignLatePenalties.plugin_class = PerDay
"""


def grades(out: Path, student: str) -> dict[str, api.Grade]:
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        notebook = book.find_submission_notebook(UNIT_NAME, UNIT_NAME, student)
        found = {grade.name: grade for grade in notebook.grades}
        for grade in found.values():
            grade.to_dict()  # loads what is deferred
        book.db.expunge_all()
        return found


def say(out: Path, student: str, cell: str, comment: str) -> None:
    """What formgrader does when a person writes a comment."""
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        book.find_comment(cell, UNIT_NAME, UNIT_NAME, student).manual_comment = comment
        book.db.commit()


def extend(out: Path, student: str, days: float, unit: str = UNIT_NAME) -> None:
    """What the page on nbgrader says for an extension, which a student may get who has not handed in."""
    with warnings.catch_warnings(), api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        warnings.simplefilter("ignore")  # SQLAlchemy's, of how nbgrader does it
        book.update_or_create_student(student)
        book.update_or_create_submission(unit, student, extension=timedelta(days=days))


def give(out: Path, student: str, cell: str, *, unit: str = UNIT_NAME, **fields: float) -> None:
    """What formgrader does when a person enters a mark."""
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        grade = book.find_grade(cell, unit, unit, student)
        for field, value in fields.items():
            setattr(grade, field, value)
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        book.db.commit()

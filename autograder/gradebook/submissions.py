"""Who handed in what and when, as nbgrader's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.gradebook import database, receipts
from autograder.gradebook.assignments import Assignment
from autograder.naming import as_text
from autograder.records import Report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Entry:
    """What the gradebook learns of one submission."""

    report: Report
    notebook: Path | None  # the file that was graded; None where it was refused or is not there
    folder: (
        Path | None
    )  # that it was handed in in, with nbgrader's receipts; None where there is no such file
    shared: bool = False  # whether somebody else of a group has handed it in


@dataclass(frozen=True)
class Row:
    """Keys of one submission's rows."""

    assignment: str
    notebook: str
    late: float  # seconds


def enter(
    session: Session, assignment: Assignment, entries: Sequence[Entry], config: Path | None = None
) -> dict[str, Row]:
    """Rows for every student, submission and notebook, made where missing, by student.

    `config` is the course's `nbgrader_config.py`, by whose time zone receipts are read.
    """
    _enrol(session, [as_text(entry.report.student) for entry in entries])
    handed_in = _assignments(session, assignment, entries, config)
    notebooks = _notebooks(session, assignment, [id for id, _ in handed_in.values()])
    return {student: Row(id, notebooks[id], late) for student, (id, late) in handed_in.items()}


def _enrol(session: Session, students: Sequence[str]) -> None:
    from nbgrader.api import Student
    from sqlalchemy import insert

    enrolled = database.select(session, Student.id, (Student.id,), students)
    new = [{"id": student} for student in students if (student,) not in enrolled]
    database.bulk(session, insert(Student), new)


def _assignments(
    session: Session, assignment: Assignment, entries: Sequence[Entry], config: Path | None
) -> dict[str, tuple[str, float]]:
    """The key of each student's submission, and the seconds by which it is late."""
    from nbgrader.api import SubmittedAssignment
    from sqlalchemy import insert, update

    students = [as_text(entry.report.student) for entry in entries]
    columns = (
        SubmittedAssignment.student_id,
        SubmittedAssignment.id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    )
    here = SubmittedAssignment.assignment_id == assignment.id
    submitted = {
        row[0]: row
        for row in database.select(session, SubmittedAssignment.student_id, columns, students, here)
    }
    nowhere = (None, None, None, None)
    new, moved, rows = [], [], {}
    for entry in entries:
        student, at = entry.report.student, receipts.timestamp(entry.folder, config)
        _, id, known_at, extension = submitted.get(as_text(student), nowhere)
        if id is None:
            id = uuid4().hex
            keys = {"id": id, "assignment_id": assignment.id, "student_id": as_text(student)}
            new.append({**keys, "timestamp": at})
        elif at != known_at:
            moved.append({"id": id, "timestamp": at})
        due = assignment.due if assignment.due is None or extension is None else assignment.due + extension
        rows[student] = (id, 0.0 if at is None or due is None else (at - due).total_seconds())
    database.bulk(session, insert(SubmittedAssignment), new)
    database.bulk(session, update(SubmittedAssignment), moved)
    return rows


def _notebooks(session: Session, assignment: Assignment, submissions: Sequence[str]) -> dict[str, str]:
    """The key of each submission's one notebook."""
    from nbgrader.api import SubmittedNotebook
    from sqlalchemy import insert

    links = (SubmittedNotebook.assignment_id, SubmittedNotebook.id)
    known = dict(database.select(session, SubmittedNotebook.assignment_id, links, submissions))
    missing = {id: uuid4().hex for id in submissions if id not in known}
    database.bulk(
        session,
        insert(SubmittedNotebook),
        [
            {"id": key, "assignment_id": id, "notebook_id": assignment.notebook, "flagged": False}
            for id, key in missing.items()
        ],
    )
    return known | missing

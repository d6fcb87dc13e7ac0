"""Who handed in what and when, as nbgrader's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.gradebook import database, receipts
from autograder.gradebook.assignments import Assignment
from autograder.records import Report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Entry:
    """What the gradebook learns of one submission."""

    report: Report
    notebook: Path | None  # the file that was graded; None where it was refused or is not there


@dataclass(frozen=True)
class Row:
    """Keys of one submission's rows."""

    assignment: str
    notebook: str
    late: float  # seconds


def enter(session: Session, assignment: Assignment, entries: Sequence[Entry]) -> dict[str, Row]:
    """Rows for every student, submission and notebook, made where missing, by student."""
    from nbgrader.api import Student as StudentRow
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import insert, update

    students = [database.stored(entry.report.student) for entry in entries]
    enrolled = database.select(session, StudentRow.id, (StudentRow.id,), students)
    database.bulk(
        session, insert(StudentRow), [{"id": student} for student in students if (student,) not in enrolled]
    )
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
        student, at = entry.report.student, receipts.timestamp(entry.notebook)
        _, id, known_at, extension = submitted.get(database.stored(student), nowhere)
        if id is None:
            id = uuid4().hex
            new.append(
                {
                    "id": id,
                    "assignment_id": assignment.id,
                    "student_id": database.stored(student),
                    "timestamp": at,
                }
            )
        elif at != known_at:
            moved.append({"id": id, "timestamp": at})
        due = assignment.due if assignment.due is None or extension is None else assignment.due + extension
        rows[student] = (id, 0.0 if at is None or due is None else (at - due).total_seconds())
    database.bulk(session, insert(SubmittedAssignment), new)
    database.bulk(session, update(SubmittedAssignment), moved)
    ids = [id for id, _ in rows.values()]
    links = (SubmittedNotebook.assignment_id, SubmittedNotebook.id)
    notebooks = dict(database.select(session, SubmittedNotebook.assignment_id, links, ids))
    missing = {id: uuid4().hex for id in ids if id not in notebooks}
    database.bulk(
        session,
        insert(SubmittedNotebook),
        [
            {"id": key, "assignment_id": id, "notebook_id": assignment.notebook, "flagged": False}
            for id, key in missing.items()
        ],
    )
    notebooks |= missing
    return {student: Row(id, notebooks[id], late) for student, (id, late) in rows.items()}

"""Who handed in what and when, as nbgrader's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from autograder.gradebook import database, receipts
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.autograded import Prepared
from autograder.naming import as_text
from autograder.records import Report

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Entry:
    """What the gradebook learns of one submission."""

    report: Report
    notebooks: Mapping[str, Path]  # the files that were graded, by nbgrader's names of the unit's notebooks
    folder: (
        Path | None
    )  # that it was handed in in, with nbgrader's receipts; None where no such file is there, or none was taken
    shared: bool = False  # whether somebody else of a group has handed it in
    prepared: tuple[Prepared, ...] = ()  # what was taken from the notebooks where they were graded
    gone: bool = False  # nothing is there any more of what was graded: when it came stays as it is entered


@dataclass(frozen=True)
class Row:
    """Keys of one submission's rows."""

    assignment: str
    notebooks: Mapping[str, str]  # by nbgrader's name
    late: float  # seconds


def enter(
    connection: Connection, assignment: Assignment, entries: Sequence[Entry], config: Path | None = None
) -> dict[str, Row]:
    """Rows for every student, submission and notebook, made where missing, by student.

    `config` is the course's `nbgrader_config.py`, by whose time zone receipts are read.
    """
    enrol(connection, [as_text(entry.report.student) for entry in entries])
    handed_in = _assignments(connection, assignment, entries, config)
    notebooks = make_notebooks(connection, assignment, [id for id, _ in handed_in.values()])
    return {student: Row(id, notebooks[id], late) for student, (id, late) in handed_in.items()}


def enrol(connection: Connection, students: Sequence[str]) -> None:
    """Rows for students, by name as text, who have none."""
    from autograder.gradebook.schema import student as table

    enrolled = database.select(connection, table.c.id, (table.c.id,), students)
    database.insert(
        connection, table, [{"id": student} for student in students if (student,) not in enrolled]
    )


def known(connection: Connection, assignment: Assignment, students: Sequence[str]) -> dict[str, Any]:
    """The rows of what these students, by name as text, have handed in for the unit, or have more time for."""
    from autograder.gradebook.schema import submitted_assignment as table

    columns = (table.c.student_id, table.c.id, table.c.timestamp, table.c.extension)
    here = table.c.assignment_id == assignment.id
    return {row[0]: row for row in database.select(connection, table.c.student_id, columns, students, here)}


def _assignments(
    connection: Connection, assignment: Assignment, entries: Sequence[Entry], config: Path | None
) -> dict[str, tuple[str, float]]:
    """The key of each student's submission, and the seconds by which it is late."""
    from autograder.gradebook.schema import submitted_assignment

    submitted = known(connection, assignment, [as_text(entry.report.student) for entry in entries])
    nowhere = (None, None, None, None)
    new, moved, rows = [], [], {}
    for entry in entries:
        student, at = entry.report.student, receipts.timestamp(entry.folder, config)
        _, id, known_at, extension = submitted.get(as_text(student), nowhere)
        at = known_at if entry.gone else at
        if id is None:
            id = uuid4().hex
            keys = {"id": id, "assignment_id": assignment.id, "student_id": as_text(student)}
            new.append({**keys, "timestamp": at})
        elif at != known_at:
            moved.append({"id": id, "timestamp": at})
        due = assignment.due if assignment.due is None or extension is None else assignment.due + extension
        rows[student] = (id, 0.0 if at is None or due is None else (at - due).total_seconds())
    database.insert(connection, submitted_assignment, new)
    database.update(connection, submitted_assignment, moved)
    return rows


def make_notebooks(
    connection: Connection, assignment: Assignment, submissions: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The keys of each submission's notebooks by nbgrader's names, made where missing, by the submission's."""
    from autograder.gradebook.schema import submitted_notebook as table

    of_unit = table.c.notebook_id.in_([one.id for one in assignment.notebooks.values()])
    links = (table.c.assignment_id, table.c.notebook_id, table.c.id)
    known = {
        (submission, notebook): key
        for submission, notebook, key in database.select(
            connection, table.c.assignment_id, links, submissions, of_unit
        )
    }
    wanted = [(id, one.id) for id in submissions for one in assignment.notebooks.values()]
    missing = {pair: uuid4().hex for pair in wanted if pair not in known}
    database.insert(
        connection,
        table,
        [
            {"id": key, "assignment_id": id, "notebook_id": notebook, "flagged": False}
            for (id, notebook), key in missing.items()
        ],
    )
    keys = known | missing
    return {id: {name: keys[id, one.id] for name, one in assignment.notebooks.items()} for id in submissions}

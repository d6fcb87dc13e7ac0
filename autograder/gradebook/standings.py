"""How students stand: marks as the gradebook has them, by machine and by hand, less penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course.roster import Student
from autograder.gradebook import database


@dataclass(frozen=True)
class Mark:
    """One cell's mark in the gradebook."""

    name: str  # nbgrader's name of the cell
    max_score: float
    auto_score: float | None
    manual_score: float | None  # given by a person, in place of the automatic one
    extra_credit: float | None
    by_hand: bool  # free text or a task: no machine marks it
    needs_review: bool  # a person has to look
    auto_comment: str  # beside a function
    manual_comment: str

    @property
    def score(self) -> float | None:
        """What counts; None where neither machine nor person has given anything."""
        given = self.auto_score if self.manual_score is None else self.manual_score
        return (
            None
            if given is None and self.extra_credit is None
            else (given or 0.0) + (self.extra_credit or 0.0)
        )


@dataclass(frozen=True)
class Standing:
    """How one student stands in one unit."""

    student: str
    timestamp: datetime | None  # UTC without a zone
    marks: tuple[Mark, ...]  # in the notebook's order
    penalty: float  # for being late

    @property
    def graded(self) -> bool:
        """Whether every cell that a machine marks has a mark."""
        return all(mark.score is not None for mark in self.marks if not mark.by_hand)

    @property
    def raw_score(self) -> float:
        """The marks together, as nbgrader adds them: what waits for a person counts nothing yet."""
        return sum(mark.score or 0.0 for mark in self.marks)

    @property
    def score(self) -> float:
        """The same less the penalty, never below 0."""
        return max(0.0, self.raw_score - self.penalty)

    @property
    def max_score(self) -> float:
        """The points of all cells, by machine and by hand."""
        return sum(mark.max_score for mark in self.marks)

    @property
    def needs_review(self) -> bool:
        """Whether a person has to look at any of it."""
        return any(mark.needs_review for mark in self.marks)


def read(
    out: Path,
    unit: str,
    students: Sequence[str] | None = None,
    *,
    patience: float = database.PATIENCE,
) -> dict[str, Standing]:
    """How students who handed in stand in this unit, by student; AutograderError where there is no gradebook.

    Those of `students` alone, where these are given. A unit that the gradebook does not know has no standings.
    """
    from nbgrader import api
    from sqlalchemy import select, text

    with database.session(out / database.FILE_NAME, patience, write=False) as session:
        student = api.SubmittedAssignment.student_id
        of_unit = (
            select(
                student,
                api.SubmittedAssignment.timestamp,
                api.SubmittedNotebook.id,
                api.SubmittedNotebook.late_submission_penalty,
            )
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
            .where(api.Assignment.name == unit)
        )
        queries = [of_unit]
        if students is not None:
            wanted = [database.stored(name) for name in students]
            queries = [of_unit.where(student.in_(part)) for part in database.parts(wanted)]
        submissions = [row for query in queries for row in session.execute(query)]
        keys = [row.id for row in submissions]
        comments: dict[tuple[str, str], tuple[str, str]] = {}
        columns: tuple[Any, ...] = (
            api.Comment.notebook_id,
            api.Comment.cell_id,
            api.Comment.auto_comment,
            api.Comment.manual_comment,
        )
        names = dict(database.rows(session, select(api.BaseCell.id, api.BaseCell.name)))
        for notebook, cell, auto, manual in database.select(session, api.Comment.notebook_id, columns, keys):
            comments[notebook, names[cell]] = (auto or "", manual or "")
        solutions = {
            (row[0], row[1])
            for row in database.rows(session, select(api.SolutionCell.notebook_id, api.SolutionCell.name))
        }
        in_order = select(api.SourceCell.notebook_id, api.SourceCell.name).order_by(
            text("rowid")
        )  # as released
        order = {tuple(row): place for place, row in enumerate(database.rows(session, in_order))}
        cells = {}
        for kind in (api.GradeCell, api.TaskCell):
            for id, notebook, name, points in database.rows(
                session, select(kind.id, kind.notebook_id, kind.name, kind.max_score)
            ):
                cells[id] = (
                    order.get((notebook, name), 0),
                    name,
                    points,
                    kind is api.TaskCell or (notebook, name) in solutions,
                )
        columns = (
            api.Grade.notebook_id,
            api.Grade.cell_id,
            api.Grade.auto_score,
            api.Grade.manual_score,
            api.Grade.extra_credit,
            api.Grade.needs_manual_grade,
        )
        marks: dict[str, list[tuple[int, Mark]]] = {}
        for notebook, cell, auto, manual, extra, flagged in database.select(
            session, api.Grade.notebook_id, columns, keys
        ):
            place, name, points, by_hand = cells[cell]
            comment = comments.get(
                (notebook, name), comments.get((notebook, name.removeprefix("check-")), ("", ""))
            )
            mark = Mark(name, points, auto, manual, extra, by_hand, flagged, *comment)
            marks.setdefault(notebook, []).append((place, mark))
    return {
        row.student_id: Standing(
            row.student_id,
            row.timestamp,
            tuple(mark for _, mark in sorted(marks.get(row.id, ()), key=lambda placed: placed[0])),
            row.late_submission_penalty or 0.0,
        )
        for row in submissions
    }


def students(out: Path, *, patience: float = database.PATIENCE) -> tuple[Student, ...]:
    """The students the gradebook knows, by id; it keeps no sections."""
    from nbgrader.api import Student as Row
    from sqlalchemy import select

    query = select(Row.id, Row.first_name, Row.last_name, Row.email, Row.lms_user_id).order_by(Row.id)
    with database.session(out / database.FILE_NAME, patience, write=False) as session:
        return tuple(Student(*(field or "" for field in row)) for row in session.execute(query))

"""How students stand: marks as the gradebook has them, by machine and by hand, less penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.roster import Student
from autograder.gradebook import database, seen
from autograder.naming import as_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


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
) -> dict[str, Standing]:
    """How students who handed in stand in this unit, by student; AutograderError where there is no gradebook.

    Those of `students` alone, where these are given. A unit that the gradebook does not know has no standings, nor has
    a student of whom it knows an extension and nothing else; a mark from a person stands for work.
    """
    with database.session(out / database.FILE_NAME, write=False) as session:
        submissions = _submissions(session, unit, students)
        marks = _marks(session, [row.id for row in submissions])
        handed_in = seen.handed_in(session)
    return {
        row.student_id: Standing(
            row.student_id, row.timestamp, marks.get(row.id, ()), row.late_submission_penalty or 0.0
        )
        for row in submissions
        if row.id in handed_in
        or row.timestamp is not None
        or any(mark.score is not None for mark in marks.get(row.id, ()))
    }


def _submissions(session: Session, unit: str, students: Sequence[str] | None) -> list[Any]:
    """Who handed in: student, time, key of the notebook, penalty."""
    from nbgrader import api
    from sqlalchemy import select

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
        wanted = [as_text(name) for name in students]
        queries = [of_unit.where(student.in_(part)) for part in database.parts(wanted)]
    return [row for query in queries for row in session.execute(query)]


def _marks(session: Session, notebooks: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
    """The marks of each submitted notebook, in the released notebook's order."""
    from nbgrader.api import Grade

    cells, comments = _cells(session), _comments(session, notebooks)
    columns = (
        Grade.notebook_id,
        Grade.cell_id,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    )
    placed: dict[str, list[tuple[int, Mark]]] = {}
    rows = database.select(session, Grade.notebook_id, columns, notebooks)
    for notebook, id, auto, manual, extra, flagged in rows:
        cell = cells[id]
        # A function's comment stands at the cell where it is written.
        beside = (cell.name, cell.name.removeprefix("check-"))
        comment = next(
            (comments[notebook, name] for name in beside if (notebook, name) in comments), ("", "")
        )
        mark = Mark(cell.name, cell.max_score, auto, manual, extra, cell.by_hand, flagged, *comment)
        placed.setdefault(notebook, []).append((cell.place, mark))
    return {
        notebook: tuple(mark for _, mark in sorted(marks, key=itemgetter(0)))
        for notebook, marks in placed.items()
    }


@dataclass(frozen=True)
class _Cell:
    """A released cell that has points."""

    place: int  # in the notebook
    name: str
    max_score: float
    by_hand: bool


def _cells(session: Session) -> dict[str, _Cell]:
    """The cells with points by their keys."""
    from nbgrader.api import GradeCell, SolutionCell, SourceCell, TaskCell
    from sqlalchemy import select, text

    solutions = set(database.rows(session, select(SolutionCell.notebook_id, SolutionCell.name)))
    in_order = select(SourceCell.notebook_id, SourceCell.name).order_by(text("rowid"))  # as released
    order = {row: place for place, row in enumerate(database.rows(session, in_order))}
    return {
        id: _Cell(
            order.get((notebook, name), 0), name, points, kind is TaskCell or (notebook, name) in solutions
        )
        for kind in (GradeCell, TaskCell)
        for id, notebook, name, points in database.rows(
            session, select(kind.id, kind.notebook_id, kind.name, kind.max_score)
        )
    }


def _comments(session: Session, notebooks: Sequence[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The automatic comment and a person's, by notebook and name of the cell."""
    from nbgrader.api import BaseCell, Comment
    from sqlalchemy import select

    names = dict(database.rows(session, select(BaseCell.id, BaseCell.name)))
    columns = (Comment.notebook_id, Comment.cell_id, Comment.auto_comment, Comment.manual_comment)
    return {
        (notebook, names[cell]): (auto or "", manual or "")
        for notebook, cell, auto, manual in database.select(session, Comment.notebook_id, columns, notebooks)
    }


def students(out: Path) -> tuple[Student, ...]:
    """The students the gradebook knows, by id; it keeps no sections."""
    from nbgrader.api import Student as Row
    from sqlalchemy import select

    query = select(Row.id, Row.first_name, Row.last_name, Row.email, Row.lms_user_id).order_by(Row.id)
    with database.session(out / database.FILE_NAME, write=False) as session:
        return tuple(Student(*(field or "" for field in row)) for row in session.execute(query))

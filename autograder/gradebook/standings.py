"""How students stand: marks as the gradebook has them, by machine and by hand, less penalties."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.roster import Student
from autograder.gradebook import database, seen
from autograder.gradebook.migration import GRADED
from autograder.naming import as_text

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Mark:
    """One cell's mark in the gradebook."""

    name: str  # nbgrader's name of the cell, after that of its notebook where the unit has several
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
    by_hand: Collection[str] = (),
) -> dict[str, Standing]:
    """How students who handed in stand in this unit, by student; AutograderError where there is no gradebook.

    Those of `students` alone, where these are given; `by_hand` are test cells that are left to a person. A unit that the gradebook does not know has no standings, nor has
    a student of whom it knows an extension and nothing else; a mark from a person stands for work.
    """
    with database.transaction(out / database.FILE_NAME, write=False) as connection:
        submissions = _submissions(connection, unit, students)
        notebooks = [row.id for row in submissions]
        marks = _marks(connection, unit, notebooks, by_hand)
        handed_in = seen.handed_in(connection, notebooks)
    found: dict[str, Standing] = {}
    for row in submissions:  # a student's notebooks in their order
        before = found.get(row.student_id)
        own = (before.marks if before else ()) + marks.get(row.id, ())
        penalty = (before.penalty if before else 0.0) + (row.late_submission_penalty or 0.0)
        found[row.student_id] = Standing(row.student_id, row.timestamp, own, penalty)
    known = {row.student_id for row in submissions if row.id in handed_in or row.timestamp is not None}
    return {
        student: one
        for student, one in found.items()
        if student in known or any(mark.score is not None for mark in one.marks)
    }


def _submissions(connection: Connection, unit: str, students: Sequence[str] | None) -> list[Any]:
    """What was handed in: student, time, key of the notebook, penalty, for each notebook by the notebooks' names."""
    from sqlalchemy import select

    from autograder.gradebook.schema import assignment, notebook, submitted_assignment, submitted_notebook

    student = submitted_assignment.c.student_id
    of_unit = (
        select(
            student,
            submitted_assignment.c.timestamp,
            submitted_notebook.c.id,
            submitted_notebook.c.late_submission_penalty,
            notebook.c.name,
        )
        .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
        .join(submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id)
        .join(notebook, notebook.c.id == submitted_notebook.c.notebook_id)
        .where(assignment.c.name == unit)
    )
    queries = [of_unit]
    if students is not None:
        wanted = [as_text(name) for name in students]
        queries = [of_unit.where(student.in_(part)) for part in database.parts(wanted)]
    rows = [row for query in queries for row in connection.execute(query)]
    return sorted(rows, key=lambda row: row.name)  # as nbgrader goes through them


def _marks(
    connection: Connection, unit: str, notebooks: Sequence[str], by_hand: Collection[str]
) -> dict[str, tuple[Mark, ...]]:
    """The marks of each submitted notebook, in the released notebook's order."""
    from autograder.gradebook.schema import grade

    cells, comments = _cells(connection, unit), _comments(connection, unit, notebooks)
    columns = (
        grade.c.notebook_id,
        grade.c.cell_id,
        grade.c.auto_score,
        grade.c.manual_score,
        grade.c.extra_credit,
        grade.c.needs_manual_grade,
    )
    placed: dict[str, list[tuple[int, Mark]]] = {}
    # By the cells too: nbgrader's one index begins with them.
    rows = database.select(connection, grade.c.notebook_id, columns, notebooks, grade.c.cell_id.in_(cells))
    for notebook, id, auto, manual, extra, flagged in rows:
        cell = cells[id]
        # A function's comment stands at the cell where it is written.
        beside = (cell.name, cell.name.removeprefix("check-"))
        comment = next(
            (comments[notebook, name] for name in beside if (notebook, name) in comments), ("", "")
        )
        is_by_hand = cell.by_hand or cell.called in by_hand
        mark = Mark(cell.called, cell.max_score, auto, manual, extra, is_by_hand, flagged, *comment)
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
    called: str  # among all cells of the unit
    max_score: float
    by_hand: bool


def _cells(connection: Connection, unit: str) -> dict[str, _Cell]:
    """The unit's cells with points by their keys."""
    from sqlalchemy import select

    from autograder.gradebook import schema

    source = schema.source_cell
    in_order = (
        select(source.c.notebook_id, source.c.name)
        .where(source.c.notebook_id.in_(_notebooks(unit)))
        .order_by(schema.row_order(connection))  # as released
    )
    order = {row: place for place, row in enumerate(database.rows(connection, in_order))}
    base = schema.base_cell
    of_unit = base.c.notebook_id.in_(_notebooks(unit))
    solutions = set(
        database.rows(
            connection, select(base.c.notebook_id, base.c.name).where(of_unit, base.c.type == "SolutionCell")
        )
    )
    names = dict(
        database.rows(
            connection,
            select(schema.notebook.c.id, schema.notebook.c.name).where(
                schema.notebook.c.id.in_(_notebooks(unit))
            ),
        )
    )
    found = {}
    for kind in GRADED:
        table = schema.OF_KIND[kind]
        query = select(base.c.id, base.c.notebook_id, base.c.name, table.c.max_score)
        for id, notebook, name, points in database.rows(
            connection, query.join(table, table.c.id == base.c.id).where(of_unit)
        ):
            by_hand = kind == "TaskCell" or (notebook, name) in solutions
            called = name if len(names) == 1 else f"{names[notebook]}/{name}"
            found[id] = _Cell(order.get((notebook, name), 0), name, called, points, by_hand)
    return found


def _comments(
    connection: Connection, unit: str, notebooks: Sequence[str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """The automatic comment and a person's, by notebook and name of the cell."""
    from sqlalchemy import select

    from autograder.gradebook.schema import base_cell, comment

    of_unit = base_cell.c.notebook_id.in_(_notebooks(unit))
    names = dict(database.rows(connection, select(base_cell.c.id, base_cell.c.name).where(of_unit)))
    columns = (comment.c.notebook_id, comment.c.cell_id, comment.c.auto_comment, comment.c.manual_comment)
    of_cells = comment.c.cell_id.in_(names)
    return {
        (notebook, names[cell]): (auto or "", manual or "")
        for notebook, cell, auto, manual in database.select(
            connection, comment.c.notebook_id, columns, notebooks, of_cells
        )
    }


def _notebooks(unit: str) -> Any:
    """The keys of a unit's notebooks, as a query."""
    from sqlalchemy import select

    from autograder.gradebook.schema import assignment, notebook

    of_unit = notebook.c.assignment_id == assignment.c.id
    return select(notebook.c.id).join(assignment, of_unit).where(assignment.c.name == unit)


def students(out: Path) -> tuple[Student, ...]:
    """The students the gradebook knows, by id; it keeps no sections."""
    from sqlalchemy import select

    from autograder.gradebook.schema import student as table

    fields = (table.c.id, table.c.first_name, table.c.last_name, table.c.email, table.c.lms_user_id)
    with database.transaction(out / database.FILE_NAME, write=False) as connection:
        rows = database.rows(connection, select(*fields).order_by(table.c.id))
    return tuple(Student(*(field or "" for field in row)) for row in rows)

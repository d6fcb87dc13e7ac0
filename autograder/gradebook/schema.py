"""nbgrader's tables as SQLAlchemy Core sees them, for reading and writing without nbgrader, and two of our own.

They are laid out as nbgrader's migrations have left them at `database.LAYOUT`: a test holds them against its models. nbgrader takes
two seconds to import and SQLAlchemy a fifth of one, so this module too is imported inside the functions that need it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Enum,
    Float,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    text,
)

_NBGRADERS = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _NBGRADERS, Column("id", String(128), primary_key=True), *columns)


course = _table("course")
student = _table(
    "student",
    *(Column(name, String(128)) for name in ("first_name", "last_name", "email", "lms_user_id")),
)
assignment = _table(
    "assignment",
    Column("name", String(128)),
    Column("duedate", DateTime),
    Column("course_id", String(128)),
)
notebook = _table(
    "notebook",
    Column("name", String(128)),
    Column("assignment_id", String(32)),
    Column("kernelspec", String(1024)),
)
submitted_assignment = _table(
    "submitted_assignment",
    Column("assignment_id", String(32)),
    Column("student_id", String(128)),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
submitted_notebook = _table(
    "submitted_notebook",
    Column("assignment_id", String(32)),  # of a submitted one
    Column("notebook_id", String(32)),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float),
)
# Cells with points and cells to write in; a kind has a table of its own, with the same keys.
base_cell = _table(
    "base_cell",
    Column("name", String(128)),
    Column("notebook_id", String(32)),
    Column("type", String(50)),
)


def _points() -> tuple[Column[Any], ...]:
    kinds = Enum("code", "markdown", name="grade_cell_type")
    return Column("max_score", Float), Column("cell_type", kinds)


grade_cells = _table("grade_cells", *_points())
solution_cells = _table("solution_cells")
task_cells = _table("task_cells", *_points())
source_cell = _table(
    "source_cell",
    Column("name", String(128)),
    Column("cell_type", Enum("code", "markdown", name="source_cell_type")),
    Column("locked", Boolean),
    Column("source", Text),
    Column("checksum", String(128)),
    Column("notebook_id", String(32)),
)
grade = _table(
    "grade",
    Column("notebook_id", String(32)),  # of a submitted one
    Column("cell_id", String(32)),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean),
)
comment = _table(
    "comment",
    Column("notebook_id", String(32)),  # of a submitted one
    Column("cell_id", String(32)),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)

# By nbgrader's names of the kinds of cells.
OF_KIND: Final = {
    "GradeCell": grade_cells,
    "SolutionCell": solution_cells,
    "TaskCell": task_cells,
    "SourceCell": source_cell,
}
NBGRADERS: Final = tuple(_NBGRADERS.tables.values())

_OURS = MetaData()
# What was handed in when a submitted notebook was last written here, and by what its penalty came about.
seen = Table(
    "autograder_submission",
    _OURS,
    Column("notebook_id", String(32), primary_key=True),
    Column("digest", Text),
)
lateness = Table(
    "autograder_lateness",
    _OURS,
    Column("notebook_id", String(32), primary_key=True),
    Column("terms", Text),
)
# Each after those whose keys it holds.
ALL: Final = (*NBGRADERS, seen, lateness)


def make_ours(connection: Connection) -> None:
    """Makes our own tables beside nbgrader's, which nbgrader passes over, where they are missing."""
    _OURS.create_all(connection)


def row_order(connection: Connection) -> Any:
    """By what rows come in the order in which they were written: nbgrader has no column for it."""
    return text("ctid" if connection.dialect.name == "postgresql" else "rowid")

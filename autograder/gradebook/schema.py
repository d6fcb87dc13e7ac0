"""nbgrader's tables as SQLAlchemy Core sees them, for making, reading and writing them without nbgrader, and three of our own.

They are laid out as nbgrader's migrations have left them at `database.LAYOUT`: a test holds every word of what makes them against
what its models make. nbgrader takes two seconds to import and SQLAlchemy a fifth of one, so this module too is imported
inside the functions that need it.
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
    ForeignKey,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

_NBGRADERS = MetaData()


def _table(name: str, *parts: Column[Any] | UniqueConstraint, key: Column[Any] | None = None) -> Table:
    """A table of nbgrader's, whose rows have a `key`, or else a number of 32 digits."""
    return Table(name, _NBGRADERS, _key() if key is None else key, *parts)


def _key(length: int = 32, *kept_elsewhere: ForeignKey) -> Column[Any]:
    return Column("id", String(length), *kept_elsewhere, primary_key=True)


def _of(name: str, table: str, length: int = 32, *, always: bool = False) -> Column[Any]:
    """A column that names a row of another table."""
    return Column(name, String(length), ForeignKey(f"{table}.id"), nullable=not always)


course = _table("course", UniqueConstraint("id"), key=_key(128))
student = _table(
    "student",
    *(Column(name, String(128)) for name in ("first_name", "last_name", "email", "lms_user_id")),
    key=_key(128),
)
assignment = _table(
    "assignment",
    Column("name", String(128), unique=True, nullable=False),
    Column("duedate", DateTime),
    _of("course_id", "course", 128, always=True),
)
notebook = _table(
    "notebook",
    Column("name", String(128), nullable=False),
    _of("assignment_id", "assignment"),
    Column("kernelspec", String(1024)),
    UniqueConstraint("name", "assignment_id"),
)
submitted_assignment = _table(
    "submitted_assignment",
    _of("assignment_id", "assignment"),
    _of("student_id", "student", 128),
    Column("timestamp", DateTime),
    Column("extension", Interval),
    UniqueConstraint("assignment_id", "student_id"),
)
submitted_notebook = _table(
    "submitted_notebook",
    _of("assignment_id", "submitted_assignment"),
    _of("notebook_id", "notebook"),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float),
    UniqueConstraint("notebook_id", "assignment_id"),
)
# Cells with points and cells to write in; a kind has a table of its own, with the same keys.
base_cell = _table(
    "base_cell",
    Column("name", String(128), nullable=False),
    _of("notebook_id", "notebook", always=True),
    Column("type", String(50)),
    UniqueConstraint("name", "notebook_id", "type"),
)


def _of_kind(name: str, *columns: Column[Any]) -> Table:
    return _table(name, *columns, key=_key(32, ForeignKey("base_cell.id")))


def _points() -> tuple[Column[Any], ...]:
    kinds = Enum("code", "markdown", name="grade_cell_type")
    return Column("max_score", Float, nullable=False), Column("cell_type", kinds, nullable=False)


grade_cells = _of_kind("grade_cells", *_points())
solution_cells = _of_kind("solution_cells")
task_cells = _of_kind("task_cells", *_points())
source_cell = _table(
    "source_cell",
    Column("name", String(128), nullable=False),
    Column("cell_type", Enum("code", "markdown", name="source_cell_type"), nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("source", Text),
    Column("checksum", String(128)),
    _of("notebook_id", "notebook"),
    UniqueConstraint("name", "notebook_id"),
)
grade = _table(
    "grade",
    _of("notebook_id", "submitted_notebook"),
    _of("cell_id", "base_cell"),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean, nullable=False),
    UniqueConstraint("cell_id", "notebook_id"),
)
comment = _table(
    "comment",
    _of("notebook_id", "submitted_notebook"),
    _of("cell_id", "base_cell"),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
    UniqueConstraint("cell_id", "notebook_id"),
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
# The due date that course.toml had set: where it sets none any more, that one goes, and one of formgrader's stays.
due = Table(
    "autograder_due",
    _OURS,
    Column("assignment_id", String(32), primary_key=True),
    Column("duedate", DateTime),
)
# Each after those whose keys it holds.
ALL: Final = (*NBGRADERS, seen, lateness, due)


def make_nbgraders(connection: Connection) -> None:
    """Makes nbgrader's tables where there are none."""
    _NBGRADERS.create_all(connection)


def make_ours(connection: Connection) -> None:
    """Makes our own tables beside nbgrader's, which nbgrader passes over, where they are missing."""
    _OURS.create_all(connection)


def row_order(connection: Connection) -> Any:
    """By what rows come in the order in which they were written: nbgrader has no column for it."""
    return text("ctid" if connection.dialect.name == "postgresql" else "rowid")

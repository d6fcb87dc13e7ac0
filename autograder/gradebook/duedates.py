"""Due dates: course.toml's where it sets one, else formgrader's; one that was taken out of course.toml is none any more.

The gradebook has one place for both, so beside it stands which date had come from course.toml.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from autograder.gradebook import database, looking
from autograder.records import Unit

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from autograder.gradebook.looking import Book

TABLE: Final = "autograder_due"  # as `schema` has it


def holding(unit: Unit, there: datetime | None, set_here: datetime | None) -> datetime | None:
    """The date that holds for a unit, UTC without a zone; None: none does.

    `there` is the gradebook's, and `set_here` the last that came from course.toml, both UTC without a zone.
    """
    if unit.due is not None:
        return unit.due.astimezone(UTC).replace(tzinfo=None)
    return None if there == set_here else there


def seen(book: Book, unit: Unit) -> tuple[datetime | None, datetime | None]:
    """The date in the gradebook, and the one that holds, looked at as it is."""
    dates = book.all("SELECT id, duedate FROM assignment WHERE name = ?", (unit.name,))
    there = next((looking.moment(date) for _, date in dates), None)
    set_here = None
    if dates and TABLE in book.tables():
        found = book.one(f"SELECT duedate FROM {TABLE} WHERE assignment_id = ?", (dates[0][0],))
        set_here = looking.moment(found[0]) if found else None
    return there, holding(unit, there, set_here)


def enter(connection: Connection, assignment: str, unit: Unit, there: datetime | None) -> datetime | None:
    """Brings the date of an assignment, by its key, in line, and returns the one that holds; `there` is what it has now."""
    from sqlalchemy import select

    from autograder.gradebook import schema

    of_assignment = schema.due.c.assignment_id == assignment
    set_here = connection.execute(select(schema.due.c.duedate).where(of_assignment)).scalar()
    due = holding(unit, there, set_here)
    if due != there:
        database.update(connection, schema.assignment, [{"id": assignment, "duedate": due}])
    ours = due if unit.due is not None else None
    if ours != set_here:
        row = {"assignment_id": assignment, "duedate": ours}
        database.replace(connection, schema.due, [row])
    return due

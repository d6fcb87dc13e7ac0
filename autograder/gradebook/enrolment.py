"""Who is on the roster, as the gradebook knows them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course.roster import Student
from autograder.gradebook import database, looking
from autograder.gradebook.database import FILE_NAME
from autograder.naming import as_text


def enrol(out: Path, students: Sequence[Student]) -> None:
    """Enters the roster in `out/gradebook.db`, over what it knew of these students; nobody is removed.

    Their ids are names of folders, which need not be UTF-8.
    """
    from autograder.gradebook.schema import student as table

    with database.transaction(out / FILE_NAME) as connection:
        ids = [as_text(student.id) for student in students]
        known = database.select(connection, table.c.id, (table.c.id,), ids)
        fields = [
            {
                "id": as_text(student.id),
                "first_name": student.first_name or None,
                "last_name": student.last_name or None,
                "email": student.email or None,
                "lms_user_id": student.lms_user_id or None,
            }
            for student in students
        ]
        database.insert(connection, table, [row for row in fields if (row["id"],) not in known])
        database.update(connection, table, [row for row in fields if (row["id"],) in known])


def has_enrolled(out: Path, students: Sequence[Student]) -> bool:
    """Whether `out/gradebook.db` knows these students as the roster has them; it is looked at without nbgrader."""
    if not students:
        return True
    try:
        with looking.at(out / FILE_NAME) as book:
            rows = set(book.all("SELECT id, first_name, last_name, email, lms_user_id FROM student"))
    except looking.UnseenError:
        return False
    return all(
        (
            as_text(one.id),
            *(field or None for field in (one.first_name, one.last_name, one.email, one.lms_user_id)),
        )
        in rows
        for one in students
    )

"""Extensions of single students, which are nbgrader's own: kept in the gradebook, whether work is there or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from autograder.gradebook import assignments, database, penalties, released
from autograder.gradebook.database import FILE_NAME
from autograder.records import Unit


def give(
    out: Path,
    unit: Unit,
    extensions: Mapping[str, timedelta | None],
    notebook: Path,
    *,
    config: Path | None = None,
) -> None:
    """Gives these students, by name as text, more time for a unit, or what they had taken back for None.

    The gradebook is `out/gradebook.db`, made where there is none; `notebook` is the released one and `config` the
    course's `nbgrader_config.py`. All get theirs or nobody does. Whose work is entered already is entered again by the
    next grading, which works out what being late costs. AutograderError as `bookkeeping.write` raises it.
    """
    from nbgrader.api import Student, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import insert, update

    release = released.read(notebook)
    assignments.refuse_other_points(release, unit)
    policy = penalties.policy(config)
    students = list(extensions)
    with database.session(out / FILE_NAME) as session:
        assignment = assignments.enter(session, release, unit, policy.course_id)
        enrolled = database.select(session, Student.id, (Student.id,), students)
        database.bulk(session, insert(Student), [{"id": one} for one in students if (one,) not in enrolled])
        here = SubmittedAssignment.assignment_id == assignment.id
        columns = (SubmittedAssignment.student_id, SubmittedAssignment.id)
        known = dict(database.select(session, SubmittedAssignment.student_id, columns, students, here))
        new = {one: uuid4().hex for one in students if one not in known and extensions[one] is not None}
        database.bulk(
            session,
            insert(SubmittedAssignment),
            [{"id": id, "assignment_id": assignment.id, "student_id": one} for one, id in new.items()],
        )
        database.bulk(
            session,
            insert(SubmittedNotebook),
            [
                {
                    "id": uuid4().hex,
                    "assignment_id": id,
                    "notebook_id": assignment.notebook,
                    "flagged": False,
                }
                for id in new.values()
            ],
        )
        rows = {**known, **new}
        database.bulk(
            session,
            update(SubmittedAssignment),
            [{"id": id, "extension": extensions[one]} for one, id in rows.items()],
        )

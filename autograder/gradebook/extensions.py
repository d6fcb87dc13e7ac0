"""Extensions of single students, which are nbgrader's own: kept in the gradebook, whether work is there or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from autograder.gradebook import assignments, database, penalties, submissions
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.released import Release
from autograder.records import Unit


def give(
    out: Path,
    unit: Unit,
    extensions: Mapping[str, timedelta | None],
    releases: Sequence[Release],
    *,
    config: Path | None = None,
) -> None:
    """Gives these students, by name as text, more time for a unit, or what they had taken back for None.

    The gradebook is `out/gradebook.db`, made where there is none; `releases` are the released notebooks and `config` the
    course's `nbgrader_config.py`. All get theirs or nobody does. Whose work is entered already is entered again by the
    next grading, which works out what being late costs. AutograderError as `bookkeeping.write` raises it.
    """
    from autograder.gradebook.schema import submitted_assignment

    assignments.refuse_other_points(releases, unit)
    policy = penalties.policy(config)
    students = list(extensions)
    with database.transaction(out / FILE_NAME) as connection:
        assignment = assignments.enter(connection, releases, unit, policy.course_id)
        submissions.enrol(connection, students)
        known = {one: row[1] for one, row in submissions.known(connection, assignment, students).items()}
        new = {one: uuid4().hex for one in students if one not in known and extensions[one] is not None}
        database.insert(
            connection,
            submitted_assignment,
            [{"id": id, "assignment_id": assignment.id, "student_id": one} for one, id in new.items()],
        )
        submissions.make_notebooks(connection, assignment, list(new.values()))
        rows = {**known, **new}
        database.update(
            connection,
            submitted_assignment,
            [{"id": id, "extension": extensions[one]} for one, id in rows.items()],
        )

"""Less for being late, by the course's own policy in `nbgrader_config.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.gradebook import database, settings
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.submissions import Entry, Row

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Policy:
    """What `nbgrader_config.py` says that matters here."""

    course_id: str
    penalty: Callable[[str, float, float], float | None]  # student, score, seconds late


def policy(config: Path | None) -> Policy:
    """Course id and late penalty as nbgrader would read them from this file, or its defaults."""
    from nbgrader.preprocessors import AssignLatePenalties

    found = settings.load(config)
    try:
        preprocessor = AssignLatePenalties(config=found)
        preprocessor.init_plugin()
    except Exception as error:  # it names a program of the instructor's
        raise CourseError(f"{config}: {type(error).__name__}: {error}") from None
    course_id = found.get("CourseDirectory", {}).get("course_id", "")
    return Policy(course_id or "default_course", preprocessor.plugin_inst.late_submission_penalty)


def enter(
    session: Session,
    assignment: Assignment,
    rows: Mapping[str, Row],
    entries: Sequence[Entry],
    policy: Policy,
) -> None:
    """Late penalties by the course's policy, on the scores as they now stand, hand-given marks included."""
    from nbgrader.api import SubmittedNotebook
    from sqlalchemy import update

    graded = {entry.report.student for entry in entries if entry.report.score is not None}
    late = {
        row.notebook: (student, row.late)
        for student, row in rows.items()
        if row.late > 0 and student in graded
    }
    columns = (SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty)
    known = dict(
        database.select(session, SubmittedNotebook.id, columns, [row.notebook for row in rows.values()])
    )
    totals = database.select(
        session, SubmittedNotebook.id, (SubmittedNotebook.id, SubmittedNotebook.score), list(late)
    )
    penalties: dict[str, float | None] = dict.fromkeys(known)
    for notebook, score in totals:
        student, seconds = late[notebook]
        penalty = policy.penalty(student, score, seconds)
        penalties[notebook] = None if penalty is None else min(max(float(penalty), 0.0), score)
    changed = [
        {"id": notebook, "late_submission_penalty": penalty}
        for notebook, penalty in penalties.items()
        if penalty != known[notebook]
    ]
    database.bulk(session, update(SubmittedNotebook), changed)

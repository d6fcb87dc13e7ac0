"""Less for being late: by a policy of the course's own in `nbgrader_config.py`, else by `[late]` in course.toml.

Beside each penalty stands by what it came about, in a table of our own that nbgrader passes over: so a policy, a date
or an extension that has changed since is noticed without nbgrader, and without grading anything again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder import lateness
from autograder.errors import CourseError
from autograder.gradebook import database, grades, settings
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.submissions import Entry, Row
from autograder.lateness import Late

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLE: Final = "autograder_lateness"  # as `schema` has it


@dataclass(frozen=True)
class Policy:
    """What late work costs, and what else `nbgrader_config.py` says that matters here."""

    course_id: str
    penalty: Callable[[str, float, float], float | None]  # student, score, seconds late
    key: str  # the same as long as nothing has changed


def policy(config: Path | None, late: Late | None = None) -> Policy:
    """Course id and late penalty as nbgrader would read them from this file, or its defaults.

    `late` is that of course.toml, which counts where the file has no policy of its own.
    """
    found = settings.load(config)
    course_id = found.get("CourseDirectory", {}).get("course_id", "") or "default_course"
    own = _own(found)
    if own == "zero":
        return Policy(course_id, lambda _student, score, _seconds: score, key(config, late))
    if not own:

        def by_course(_: str, score: float, seconds: float) -> float | None:
            return None if late is None else lateness.penalty(late, score, seconds)

        return Policy(course_id, by_course, key(config, late))
    from nbgrader.preprocessors import AssignLatePenalties

    try:
        preprocessor = AssignLatePenalties(config=found)
        preprocessor.init_plugin()
    except Exception as error:  # it names a program of the instructor's
        raise CourseError(f"{config}: {type(error).__name__}: {error}") from None
    return Policy(course_id, preprocessor.plugin_inst.late_submission_penalty, key(config, late))


def words(config: Path | None, late: Late | None) -> str:
    """What late work costs, in a sentence without its full stop; empty where only a program knows it."""
    try:
        own = _own(settings.load(config))
    except CourseError:  # which is told where marks are entered
        return ""
    if own:
        return "Late work earns nothing" if own == "zero" else ""
    return "" if late is None else lateness.words(late)


def disregarded(config: Path | None, late: Late | None) -> str:
    """A line where course.toml has a policy that does not count; empty where it counts, or there is none."""
    own = _own(settings.load(config))
    if late is None or not own:
        return ""
    place = "plugin_class" if own == "plugin" else "penalty_method"
    return (
        f"[late] in course.toml does not count: {settings.CONFIG} sets a policy of its own ({place}), and that is followed; "
        "take one of them out"
    )


def _own(found: Any) -> str:
    """The kind of policy that nbgrader_config.py sets, "plugin", "zero" or another; empty for none."""
    if "plugin_class" in found.get("AssignLatePenalties", {}):
        return "plugin"
    method = str(found.get("LateSubmissionPlugin", {}).get("penalty_method", "none"))
    return "" if method == "none" else method


def key(config: Path | None, late: Late | None) -> str:
    """What a policy is known by; it is read from the file, without running it."""
    try:
        program = b"" if config is None else config.read_bytes()
    except OSError:
        program = b""
    return hashlib.sha256(program + repr(late).encode()).hexdigest()[:16]


def terms(key: str, seconds: float) -> str | None:
    """By what a penalty comes about: a policy's key, and the seconds late; None for work that is not late."""
    return f"{key} {seconds!r}" if seconds > 0 else None


def enter(
    connection: Connection,
    assignment: Assignment,
    rows: Mapping[str, Row],
    entries: Sequence[Entry],
    policy: Policy,
) -> None:
    """Late penalties by the course's policy, on the scores as they now stand, hand-given marks included."""
    from autograder.gradebook import schema

    submitted_notebook = schema.submitted_notebook

    graded = {entry.report.student for entry in entries if entry.report.score is not None}
    late = {
        key: (student, row.late)
        for student, row in rows.items()
        for key in row.notebooks.values()
        if row.late > 0 and student in graded
    }
    columns = (submitted_notebook.c.id, submitted_notebook.c.late_submission_penalty)
    notebooks = [key for row in rows.values() for key in row.notebooks.values()]
    known = dict(database.select(connection, submitted_notebook.c.id, columns, notebooks))
    totals = grades.totals(connection, assignment, list(late))
    penalties: dict[str, float | None] = dict.fromkeys(known)
    for notebook, (student, seconds) in late.items():
        score = totals[notebook]
        penalty = policy.penalty(student, score, seconds)
        penalties[notebook] = None if penalty is None else min(max(float(penalty), 0.0), score)
    changed = [
        {"id": notebook, "late_submission_penalty": penalty}
        for notebook, penalty in penalties.items()
        if penalty != known[notebook]
    ]
    database.update(connection, submitted_notebook, changed)
    held = {notebook: terms(policy.key, late.get(notebook, ("", 0.0))[1]) for notebook in known}
    rows_of_ours = [{"notebook_id": id, "terms": one} for id, one in held.items()]
    database.replace(connection, schema.lateness, rows_of_ours)

"""Automatic scores, and who has to look again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.gradebook import database, seen
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.autograded import Prepared
from autograder.gradebook.released import Release
from autograder.gradebook.submissions import Entry, Row
from autograder.records import Report

if TYPE_CHECKING:
    from sqlalchemy import Connection


def enter(
    connection: Connection,
    releases: Sequence[Release],
    assignment: Assignment,
    rows: Mapping[str, Row],
    entries: Sequence[Entry],
    prepared: Mapping[str, Mapping[str, Prepared]],
) -> None:
    """Automatic scores, and who has to look: free text, what was not graded, and marks given on other grounds."""
    from autograder.gradebook.schema import grade

    columns = (
        grade.c.notebook_id,
        grade.c.cell_id,
        grade.c.id,
        grade.c.auto_score,
        grade.c.manual_score,
        grade.c.extra_credit,
        grade.c.needs_manual_grade,
    )
    notebooks = [key for row in rows.values() for key in row.notebooks.values()]
    # By the cells too: nbgrader's one index begins with them, and without it each batch reads the marks of everybody.
    of_cells = grade.c.cell_id.in_(assignment.graded)
    known = {
        (row[0], row[1]): row[2:]
        for row in database.select(connection, grade.c.notebook_id, columns, notebooks, of_cells)
    }
    before = seen.read(connection, notebooks)
    new, changed = [], []
    each = [(entry.report, release) for entry in entries for release in releases]
    for report, release in each:
        notebook = rows[report.student].notebooks[release.name]
        scores = _scores(release, report, prepared[report.student][release.name])
        resubmitted = before.get(notebook) != report.submission
        for name, cell in assignment.notebooks[release.name].graded.items():
            score = scores.get(name)
            if (notebook, cell) not in known:
                keys = {"id": uuid4().hex, "notebook_id": notebook, "cell_id": cell}
                new.append({**keys, "auto_score": score, "needs_manual_grade": score is None})
                continue
            id, auto, manual, extra, flagged = known[notebook, cell]
            needs = score is None
            if manual is not None or extra is not None:  # a person was here
                needs = flagged or resubmitted or (auto is not None and auto != score)
            if (auto, flagged) != (score, needs):
                changed.append({"id": id, "auto_score": score, "needs_manual_grade": needs})
    database.insert(connection, grade, new)
    database.update(connection, grade, changed)
    digests = {
        key: entry.report.submission
        for entry in entries
        for key in rows[entry.report.student].notebooks.values()
    }
    seen.write(connection, digests)


def totals(connection: Connection, assignment: Assignment, notebooks: Sequence[str]) -> dict[str, float]:
    """The marks of submitted notebooks together, by key: a person's before the machine's, and extra credit."""
    from autograder.gradebook.schema import grade

    columns = (
        grade.c.notebook_id,
        grade.c.cell_id,
        grade.c.auto_score,
        grade.c.manual_score,
        grade.c.extra_credit,
    )
    of_cells = grade.c.cell_id.in_(assignment.graded)
    found = dict.fromkeys(notebooks, 0.0)
    for notebook, _, auto, manual, extra in database.select(
        connection, grade.c.notebook_id, columns, notebooks, of_cells
    ):
        given = auto if manual is None else manual
        # As nbgrader adds them: extra credit alone is no mark.
        found[notebook] += 0.0 if given is None else given + (extra or 0.0)
    return found


def _scores(release: Release, report: Report, prepared: Prepared) -> dict[str, float]:
    """The automatic scores of a report by nbgrader's names, in one notebook; none where it was not graded.

    In an assignment that nbgrader made, as nbgrader's own autograde, a free-text cell without an answer earns nothing, and
    nothing at all does in a notebook that is not there. Nor does anything in work that cannot be read: no person could
    read its answers in words either, and none is waited for.
    """
    if report.score is None:
        return {}
    if report.status == "unreadable":
        return {cell.grade_id: 0.0 for cell in release.cells if cell.grade and cell.grade_id is not None}
    earned = {
        function.name: round(function.score, 6) for function in report.functions
    }  # as result files have it
    scores = {}
    if release.adopted:
        nothing = [
            cell.grade_id
            for cell in release.cells
            if not prepared.is_there
            or (cell.grade and cell.solution and cell.grade_id in prepared.unanswered)
        ]
        scores = {id: 0.0 for id in nothing if id is not None}
    for cell in release.cells:
        if cell.grade and not cell.solution and cell.grade_id is not None:
            function = next((name for name in earned if release.check(name) is cell), None)
            if function is not None or not report.functions:
                scores[cell.grade_id] = earned.get(function or "", 0.0)
    return scores

"""Automatic scores, and who has to look again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.gradebook import database, seen
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.released import Release
from autograder.gradebook.submissions import Entry, Row
from autograder.records import Report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def enter(
    session: Session,
    release: Release,
    assignment: Assignment,
    rows: Mapping[str, Row],
    entries: Sequence[Entry],
) -> None:
    """Automatic scores, and who has to look: free text, what was not graded, and marks given on other grounds."""
    from nbgrader.api import Grade
    from sqlalchemy import insert, update

    columns = (
        Grade.notebook_id,
        Grade.cell_id,
        Grade.id,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    )
    known = {
        (row[0], row[1]): row[2:]
        for row in database.select(
            session, Grade.notebook_id, columns, [row.notebook for row in rows.values()]
        )
    }
    before = seen.read(session, [row.notebook for row in rows.values()])
    new, changed = [], []
    for entry in entries:
        report, row = entry.report, rows[entry.report.student]
        scores = _scores(release, report)
        resubmitted = before.get(row.notebook) != report.submission
        for name, cell in assignment.graded.items():
            score = scores.get(name)
            if (row.notebook, cell) not in known:
                keys = {"id": uuid4().hex, "notebook_id": row.notebook, "cell_id": cell}
                new.append({**keys, "auto_score": score, "needs_manual_grade": score is None})
                continue
            id, auto, manual, extra, flagged = known[row.notebook, cell]
            needs = score is None
            if manual is not None or extra is not None:  # a person was here
                needs = flagged or resubmitted or (auto is not None and auto != score)
            if (auto, flagged) != (score, needs):
                changed.append({"id": id, "auto_score": score, "needs_manual_grade": needs})
    database.bulk(session, insert(Grade), new)
    database.bulk(session, update(Grade), changed)
    seen.write(session, {rows[entry.report.student].notebook: entry.report.submission for entry in entries})


def _scores(release: Release, report: Report) -> dict[str, float]:
    """The automatic scores of a report by nbgrader's names; none where it was not graded."""
    if report.score is None:
        return {}
    earned = {
        function.name: round(function.score, 6) for function in report.functions
    }  # as result files have it
    scores = {}
    for cell in release.cells:
        if cell.grade and not cell.solution and cell.grade_id is not None:
            function = next((name for name in earned if release.check(name) is cell), None)
            if function is not None or not report.functions:
                scores[cell.grade_id] = earned.get(function or "", 0.0)
    return scores

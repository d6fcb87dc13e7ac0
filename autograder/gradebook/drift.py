"""Where the gradebook says something else than the results, seen without nbgrader."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from autograder.gradebook import autograded, looking, receipts, seen
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.results import ResultFile
from autograder.naming import as_text
from autograder.records import Unit


def behind(
    out: Path,
    unit: Unit,
    kept: Mapping[str, ResultFile],
    handed_in: Mapping[str, Path],
    config: Path | None = None,
) -> list[str]:
    """The students of whom `out/gradebook.db` says something else than their results; looked at without nbgrader.

    `kept` holds the results and `handed_in` the folders of the submissions, by student. Behind is also who handed in
    at another time than was entered, everyone after a change of the due date, and who has an extension, which a
    person may have given since. `config` is the course's `nbgrader_config.py`.
    """
    try:
        with looking.at(out / FILE_NAME) as book:
            rows = book.execute(
                f"""
                SELECT submitted.student_id, assignment.duedate, submitted.extension, seen.digest,
                       COUNT(grade.auto_score), COALESCE(SUM(grade.auto_score), 0)
                FROM submitted_assignment AS submitted
                JOIN assignment ON assignment.id = submitted.assignment_id
                JOIN submitted_notebook AS notebook ON notebook.assignment_id = submitted.id
                LEFT JOIN {seen.TABLE} AS seen ON seen.notebook_id = notebook.id
                LEFT JOIN grade ON grade.notebook_id = notebook.id
                WHERE assignment.name = ? GROUP BY notebook.id
                """,
                (unit.name,),
            ).fetchall()
    except sqlite3.Error:
        return list(kept)
    entered = {row[0]: row[1:] for row in rows}
    due = None if unit.due is None else unit.due.astimezone(UTC).replace(tzinfo=None)

    def differs(student: str, result: ResultFile) -> bool:
        row = entered.get(as_text(student))
        if row is None:
            return True
        known_due, extension, digest, marks, score = row
        return (
            extension is not None
            or digest != result.submission
            or (due is not None and (known_due is None or datetime.fromisoformat(known_due) != due))
            or (marks > 0) != (result.score is not None)
            or abs(score - (result.score or 0.0)) > 1e-4
            or receipts.read(autograded.place(out, student, unit.name).with_name(receipts.TIMESTAMP))
            != receipts.as_copied(handed_in.get(student), config)
        )

    return [student for student, result in kept.items() if differs(student, result)]

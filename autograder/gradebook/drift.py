"""Where the gradebook says something else than the results, seen without nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.gradebook import autograded, duedates, looking, penalties, receipts, seen
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.results import ResultFile
from autograder.lateness import Late
from autograder.naming import as_text
from autograder.notebook import places
from autograder.records import Unit


def behind(
    out: Path,
    unit: Unit,
    kept: Mapping[str, ResultFile],
    handed_in: Mapping[str, Path],
    config: Path | None = None,
    late: Late | None = None,
) -> list[str]:
    """The students of whom `out/gradebook.db` says something else than their results; looked at without nbgrader.

    `kept` holds the results and `handed_in` the folders of the submissions that are there, by student. Behind is also who handed in
    at another time than was entered, everyone after a change of the due date, and whoever has become late, or later or
    no more, by an extension, or loses something else for it by a policy that has changed since. `config` is the course's
    `nbgrader_config.py`, and `late` what its course.toml says of late work.
    """
    if not kept:
        return []
    try:
        with looking.at(out / FILE_NAME) as book:
            known_due, due = duedates.seen(book, unit)
            rows = book.all(
                f"""
                SELECT submitted.student_id, submitted.extension, seen.digest,
                       submitted.timestamp, lateness.terms, COUNT(grade.auto_score), COALESCE(SUM(grade.auto_score), 0)
                FROM submitted_assignment AS submitted
                JOIN assignment ON assignment.id = submitted.assignment_id
                JOIN submitted_notebook AS notebook ON notebook.assignment_id = submitted.id
                LEFT JOIN {seen.TABLE} AS seen ON seen.notebook_id = notebook.id
                LEFT JOIN {penalties.TABLE} AS lateness ON lateness.notebook_id = notebook.id
                LEFT JOIN grade ON grade.notebook_id = notebook.id
                WHERE assignment.name = ?
                GROUP BY notebook.id, submitted.student_id, submitted.extension, seen.digest,
                         submitted.timestamp, lateness.terms
                """,
                (unit.name,),
            )
    except looking.UnseenError:
        return list(kept)
    entered: dict[str, list[tuple[Any, ...]]] = {}
    for student, *row in rows:
        entered.setdefault(student, []).append(tuple(row))
    policy = penalties.key(config, late)

    def differs(student: str, result: ResultFile) -> bool:
        notebooks = entered.get(as_text(student), [])
        if len(notebooks) < len(places.names_of(unit)):
            return True
        extended, _, entered_at, *_ = notebooks[0]
        digests, terms = {row[1] for row in notebooks}, {row[3] for row in notebooks}
        marks, score = sum(row[4] for row in notebooks), sum(row[5] for row in notebooks)
        at = looking.moment(entered_at)
        extension = looking.length(extended)
        return (
            digests != {result.submission}
            or known_due != due
            or terms != {None if result.score is None else _terms(policy, at, known_due, extension)}
            or (marks > 0) != (result.score is not None)
            or abs(score - (result.score or 0.0)) > 1e-4
            or (student in handed_in and not is_dated(student, handed_in[student], at))
        )

    def is_dated(student: str, folder: Path, at: datetime | None) -> bool:
        there = receipts.read(autograded.folder(out, student, unit.name) / receipts.TIMESTAMP)
        return at == receipts.timestamp(folder, config) and there == receipts.as_copied(folder, config)

    return [student for student, result in kept.items() if differs(student, result)]


def _terms(policy: str, at: datetime | None, due: datetime | None, extension: timedelta | None) -> str | None:
    """By what a penalty comes about; None for work that is not late."""
    if at is None or due is None:
        return None
    return penalties.terms(policy, (at - (due + (extension or timedelta()))).total_seconds())

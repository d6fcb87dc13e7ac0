"""What the checks said, as the automatic comments that formgrader shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.gradebook import database, verdicts
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
    """What the checks said, beside the function it is about; comments of people are columns of their own."""
    from autograder.gradebook.schema import comment

    columns = (comment.c.notebook_id, comment.c.cell_id, comment.c.id, comment.c.auto_comment)
    notebooks = [key for row in rows.values() for key in row.notebooks.values()]
    of_cells = comment.c.cell_id.in_(assignment.commented)
    known = {
        (row[0], row[1]): row[2:]
        for row in database.select(connection, comment.c.notebook_id, columns, notebooks, of_cells)
    }
    new, changed = [], []
    each = [(entry, release) for entry in entries for release in releases]
    for entry, release in each:
        notebook = rows[entry.report.student].notebooks[release.name]
        texts = _comments(release, entry.report, prepared[entry.report.student][release.name])
        for name, cell in assignment.notebooks[release.name].commented.items():
            id, text = known.get((notebook, cell), (None, None))
            if id is None:
                keys = {"id": uuid4().hex, "notebook_id": notebook, "cell_id": cell}
                new.append({**keys, "auto_comment": texts.get(name)})
            elif text != texts.get(name):
                changed.append({"id": id, "auto_comment": texts.get(name)})
    database.insert(connection, comment, new)
    database.update(connection, comment, changed)


def _comments(release: Release, report: Report, prepared: Prepared) -> dict[str, str]:
    """Comments as Markdown by nbgrader's names of the cells they stand beside."""
    is_silent = release.adopted and not prepared.is_there  # of what is not there, nbgrader says nothing
    texts = dict.fromkeys(() if is_silent else prepared.unanswered, "No response.")
    for function in report.functions:
        answer = release.answer(function.name)
        if answer is not None and answer.grade_id is not None:
            texts[answer.grade_id] = verdicts.comment(function)
    return texts

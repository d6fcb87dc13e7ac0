"""nbgrader's gradebook: results go in, in one transaction a batch, and what people gave by hand stays.

The results files are the truth for what machines mark. The gradebook alone holds what people add to it in
formgrader (manual scores, extra credit, comments, extensions), so a regrade writes automatic scores and comments
and nothing else, and asks for a second look where a person had marked a submission that has changed since.
Rows go into nbgrader's tables in bulk, as its own methods would write them, which commit after every row (8 to 20 ms
each) and take two seconds to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.gradebook import (
    assignments,
    autograded,
    comments,
    database,
    grades,
    looking,
    penalties,
    submissions,
)
from autograder.gradebook.assignments import Assignment
from autograder.gradebook.autograded import Prepared
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.released import Release
from autograder.gradebook.submissions import Entry
from autograder.lateness import Late
from autograder.records import Unit


@dataclass(frozen=True)
class Known:
    """The assignment of a unit in a gradebook, as long as nobody changes that."""

    counter: int  # of the gradebook's changes
    by: tuple[object, ...]  # what it was entered by
    assignment: Assignment


def write(
    out: Path,
    unit: Unit,
    entries: Sequence[Entry],
    releases: Sequence[Release],
    *,
    config: Path | None = None,
    late: Late | None = None,
    known: Known | None = None,
) -> Known | None:
    """Brings `out/gradebook.db` and `out/autograded/` in line with these results of one unit.

    `releases` are the released notebooks, from which assignment and cells are made where the gradebook lacks them;
    `config` is the course's `nbgrader_config.py` and `late` what its course.toml says of late work, by which it
    loses marks. `known` is what the last such call gave back: of a gradebook that nobody has changed since, the assignment
    is not read again. The gradebook gets all entries or none, the notebooks follow one by one, each whole. AutograderError
    says what is wrong with the gradebook: locked by another program, read-only, of another nbgrader, of another course.
    """
    assignments.refuse_other_points(releases, unit)
    policy = penalties.policy(config, late)
    prepared = {entry.report.student: _prepared(releases, entry) for entry in entries}
    place = out / FILE_NAME
    by = (unit, policy.course_id, *(release.digest for release in releases))
    with database.transaction(place) as connection:
        before = looking.counter(place)
        if known is not None and (known.counter, known.by) == (before, by):
            assignment = known.assignment
        else:
            assignment = assignments.enter(connection, releases, unit, policy.course_id)
        rows = submissions.enter(connection, assignment, entries, config)
        grades.enter(connection, releases, assignment, rows, entries, prepared)
        comments.enter(connection, releases, assignment, rows, entries, prepared)
        penalties.enter(connection, assignment, rows, entries, policy)
    try:
        for entry in entries:
            folder = autograded.folder(out, entry.report.student, unit.name)
            documents = prepared[entry.report.student].items()
            files = {f"{name}.ipynb": one.document for name, one in documents}
            autograded.write(folder, files, entry.folder, config, shared=entry.shared)
    except OSError as error:
        raise AutograderError(
            f"{error.filename or out / 'autograded'}: cannot be written ({error.strerror}): the marks are in the "
            "gradebook, but not all notebooks are there for formgrader to show; run this again"
        ) from None
    after = looking.counter(place)
    return Known(after, by, assignment) if after is not None and looking.is_one(before, after) else None


def _prepared(releases: Sequence[Release], entry: Entry) -> dict[str, Prepared]:
    """What stands in the notebooks, read again only where it is not known from grading or one was released anew."""
    known = {one.release: one for one in entry.prepared}
    return {
        release.name: known.get(release.digest)
        or autograded.prepare(release, entry.report, entry.notebooks.get(release.name))
        for release in releases
    }

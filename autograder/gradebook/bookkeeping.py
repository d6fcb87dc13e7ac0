"""nbgrader's gradebook: results go in, in one transaction a batch, and what people gave by hand stays.

The results files are the truth for what machines mark. The gradebook alone holds what people add to it in
formgrader (manual scores, extra credit, comments, extensions), so a regrade writes automatic scores and comments
and nothing else, and asks for a second look where a person had marked a submission that has changed since.
Rows go into nbgrader's tables in bulk, as its own methods would write them, which commit after every row (8 to 20 ms
each) and take two seconds to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import AutograderError
from autograder.gradebook import (
    assignments,
    autograded,
    comments,
    database,
    grades,
    penalties,
    submissions,
)
from autograder.gradebook.autograded import Prepared
from autograder.gradebook.database import FILE_NAME
from autograder.gradebook.released import Release
from autograder.gradebook.submissions import Entry
from autograder.lateness import Late
from autograder.records import Unit


def write(
    out: Path,
    unit: Unit,
    entries: Sequence[Entry],
    releases: Sequence[Release],
    *,
    config: Path | None = None,
    late: Late | None = None,
) -> None:
    """Brings `out/gradebook.db` and `out/autograded/` in line with these results of one unit.

    `releases` are the released notebooks, from which assignment and cells are made where the gradebook lacks them;
    `config` is the course's `nbgrader_config.py` and `late` what its course.toml says of late work, by which it
    loses marks. The gradebook gets all entries or none, the notebooks follow one by one, each whole. AutograderError
    says what is wrong with the gradebook: locked by another program, read-only, of another nbgrader, of another course.
    """
    assignments.refuse_other_points(releases, unit)
    policy = penalties.policy(config, late)
    prepared = {entry.report.student: _prepared(releases, entry) for entry in entries}
    with database.transaction(out / FILE_NAME) as connection:
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


def _prepared(releases: Sequence[Release], entry: Entry) -> dict[str, Prepared]:
    """What stands in the notebooks, read again only where it is not known from grading or one was released anew."""
    known = {one.release: one for one in entry.prepared}
    return {
        release.name: known.get(release.digest)
        or autograded.prepare(release, entry.report, entry.notebooks.get(release.name))
        for release in releases
    }

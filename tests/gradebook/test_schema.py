"""What is written without nbgrader is what nbgrader's own methods write, row by row."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from entered import UNIT, UNIT_NAME, entry, extend, give, release, say
from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.utils import parse_utc
from nbgrader_run import lay_out_here
from released import released
from sqlalchemy import MetaData, create_mock_engine, make_url
from table_rows import rows

from autograder.gradebook import bookkeeping, database, schema, verdicts
from autograder.gradebook import released as releases
from autograder.gradebook.submissions import Entry
from autograder.lateness import Late, penalty

__all__ = ["release"]  # a fixture

_DUE = replace(UNIT, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
_LATE = Late(per_day=0.1)


def made(tables: MetaData, url: str) -> list[str]:
    """What makes these tables in an empty database, statement by statement; the tables' order says nothing."""
    statements: list[str] = []
    dialect = make_url(url).get_dialect()()
    engine = create_mock_engine(
        url, lambda statement, *_, **__: statements.append(str(statement.compile(dialect=dialect)))
    )
    tables.create_all(engine, checkfirst=False)
    return sorted(statements)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://"])
def test_the_tables_are_nbgraders_own(url: str) -> None:
    ours = schema.NBGRADERS[0].metadata
    assert made(ours, url) == made(api.Base.metadata, url)
    for table in ours.tables.values():
        for column in table.columns:
            assert type(column.type) is type(api.Base.metadata.tables[table.name].columns[column.name].type)


def test_the_layout_is_that_of_nbgraders_newest_migration() -> None:
    newest = ScriptDirectory(ALEMBIC_DIR).get_current_head()
    assert database._newest_version() == database.LAYOUT == newest


def test_a_gradebook_is_made_without_nbgraders_two_seconds_of_import(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from autograder.gradebook import database\n"
        "with database.transaction(Path(sys.argv[1])): pass\n"
        "sys.exit('nbgrader' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "gradebook.db"], check=True)
    with _book(tmp_path) as book:
        assert book.students == []


def test_every_row_is_the_one_that_nbgrader_writes(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small class in two rounds: late work, an extension, marks and comments of people, work handed in again, one not graded."""
    lay_out_here(monkeypatch)
    ours, theirs = tmp_path, tmp_path / "nbgrader"
    theirs.mkdir()
    first = [
        entry(ours, "ada", {"scaled_scores": 3.0, "softmax": 0.5}, timestamp="2026-03-01 10:00:00 UTC"),
        entry(ours, "bo", {"scaled_scores": 3.0, "softmax": 3.0}, timestamp="2026-03-03 13:30:00 UTC"),
        entry(ours, "cy", None),
    ]
    again = [
        entry(ours, "ada", {"scaled_scores": 3.0, "softmax": 3.0}, digest="two", timestamp="2026-03-02 10:00 UTC"),
        entry(ours, "bo", {"scaled_scores": 3.0, "softmax": 3.0}, timestamp="2026-03-03 13:30:00 UTC"),
        entry(ours, "cy", {"scaled_scores": 1.5, "softmax": 0.0}, digest="three"),
        entry(ours, "di", {"scaled_scores": 0.0, "softmax": 0.0}),
    ]  # fmt: skip
    config = tmp_path / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'attention'\n")
    for number, entries in enumerate((first, again)):
        bookkeeping.write(ours, _DUE, entries, [releases.read(release)], config=config, late=_LATE)
        _by_nbgrader(theirs, entries, {"ada": number == 1})
        assert rows(ours) == rows(theirs)
        for out in (ours, theirs) if number == 0 else ():
            give(out, "ada", "check-softmax", manual_score=2.0, extra_credit=0.25)
            give(out, "ada", "why-sqrt-d_k", manual_score=1.5)
            say(out, "ada", "why-sqrt-d_k", "Nearly.")
            extend(out, "bo", 1)


def _by_nbgrader(out: Path, entries: Sequence[Entry], again: Mapping[str, bool]) -> None:
    """The same class through nbgrader's own methods, one row after the other."""
    with _book(out) as book:
        book.update_or_create_assignment(UNIT_NAME, duedate="2026-03-01 12:00:00")
        kernel = json.dumps(released()["metadata"]["kernelspec"])
        book.update_or_create_notebook(UNIT_NAME, UNIT_NAME, kernelspec=kernel)
        for cell in released()["cells"]:
            _cell(book, cell)
        for one in entries:
            student, functions = one.report.student, one.report.functions
            book.update_or_create_student(student)
            at = one.folder / "timestamp.txt" if one.folder is not None else Path()
            timestamp = parse_utc(at.read_text()) if at.is_file() else None
            book.update_or_create_submission(UNIT_NAME, student, timestamp=timestamp)
            submitted = book.find_submission_notebook(UNIT_NAME, UNIT_NAME, student)
            scores = {f"check-{function.name}": function.score for function in functions}
            for grade in submitted.grades:
                grade.auto_score = scores.get(grade.name)
                was_given = grade.manual_score is not None
                grade.needs_manual_grade = (
                    again.get(student, False) if was_given else grade.auto_score is None
                )
            comments = {function.name: verdicts.comment(function) for function in functions}
            for comment in submitted.comments:
                comment.auto_comment = comments.get(comment.name)
            book.db.commit()
            late = submitted.assignment.total_seconds_late
            if late > 0 and one.report.score is not None:
                submitted.late_submission_penalty = penalty(_LATE, submitted.score, late)
            else:
                submitted.late_submission_penalty = None
            book.db.commit()


def _cell(book: api.Gradebook, cell: Mapping[str, Any]) -> None:
    """As nbgrader's SaveCells enters one cell of a release."""
    own = cell["metadata"].get("nbgrader")
    if own is None:
        return
    place = (own["grade_id"], UNIT_NAME, UNIT_NAME)
    if own["grade"]:
        book.update_or_create_grade_cell(*place, max_score=float(own["points"]), cell_type=cell["cell_type"])
    if own["solution"]:
        book.update_or_create_solution_cell(*place)
    book.update_or_create_source_cell(
        *place, cell_type=cell["cell_type"], locked=own["locked"], source=cell["source"], checksum=None
    )


@contextmanager
def _book(out: Path) -> Iterator[api.Gradebook]:
    with warnings.catch_warnings(), api.Gradebook(f"sqlite:///{out / 'gradebook.db'}", "attention") as book:
        warnings.simplefilter("ignore")  # SQLAlchemy's, of how nbgrader does it
        yield book

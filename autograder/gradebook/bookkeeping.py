"""nbgrader's gradebook: results go in, in one transaction a batch, and what people gave by hand stays.

The results files are the truth for what machines mark. The gradebook alone holds what people add to it in
formgrader (manual scores, extra credit, comments, extensions), so a regrade writes automatic scores and comments
and nothing else, and asks for a second look where a person had marked a submission that has changed since.
Rows go through nbgrader's own models in bulk, because its methods commit after every row (8 to 20 ms each).
nbgrader takes two seconds to import and is imported inside the functions that need it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from autograder.course.roster import Student
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import autograded, database
from autograder.gradebook.autograded import Release, Written
from autograder.gradebook.database import BACKUPS, PATIENCE
from autograder.gradebook.results import ResultFile
from autograder.records import FunctionReport, Report, Unit
from autograder.words import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILE_NAME: Final = database.FILE_NAME
_SEEN = "autograder_submission"


@dataclass(frozen=True)
class Entry:
    """What the gradebook learns of one submission."""

    report: Report
    notebook: Path | None  # the file that was graded; None where it was refused or is not there


def write(
    out: Path,
    unit: Unit,
    entries: Sequence[Entry],
    notebook: Path,
    *,
    config: Path | None = None,
    patience: float = PATIENCE,
) -> None:
    """Brings `out/gradebook.db` and `out/autograded/` in line with these results of one unit.

    `notebook` is the released notebook, from which assignment and cells are made where the gradebook lacks them;
    `config` is the course's `nbgrader_config.py`, whose policy for late submissions is applied. The gradebook gets
    all entries or none, the notebooks follow one by one, each whole. AutograderError says what is wrong with the
    gradebook: locked for more than `patience` seconds, read-only, of another nbgrader, of another course.
    """
    release = autograded.release(notebook)
    _refuse_other_points(release, unit)
    policy = _policy(config)
    handed_in = {entry.report.student: autograded.written(release, entry.notebook) for entry in entries}
    with database.session(out / FILE_NAME, patience) as session:
        assignment = _assignment(session, release, unit, policy.course_id)
        rows = _submissions(session, assignment, entries)
        _write_grades(session, release, assignment, rows, entries)
        _write_comments(session, release, assignment, rows, entries, handed_in)
        _write_penalties(session, assignment, rows, entries, policy)
    try:
        for entry in entries:
            document = autograded.compose(release, entry.report, handed_in[entry.report.student])
            autograded.write(place(out, entry.report.student, unit.name), document, entry.notebook)
    except OSError as error:
        raise AutograderError(
            f"{error.filename or out / 'autograded'}: cannot be written ({error.strerror}): the marks are in the "
            "gradebook, but not all notebooks are there for formgrader to show; run this again"
        ) from None


def enrol(out: Path, students: Sequence[Student], *, patience: float = PATIENCE) -> None:
    """Enters the roster in `out/gradebook.db`, over what it knew of these students; nobody is removed."""
    from nbgrader.api import Student as Row
    from sqlalchemy import insert, update

    with database.session(out / FILE_NAME, patience) as session:
        known = database.select(session, Row.id, (Row.id,), [student.id for student in students])
        fields = [
            {
                "id": student.id,
                "first_name": student.first_name or None,
                "last_name": student.last_name or None,
                "email": student.email or None,
                "lms_user_id": student.lms_user_id or None,
            }
            for student in students
        ]
        database.bulk(session, insert(Row), [row for row in fields if (row["id"],) not in known])
        database.bulk(session, update(Row), [row for row in fields if (row["id"],) in known])


def has_enrolled(out: Path, students: Sequence[Student]) -> bool:
    """Whether `out/gradebook.db` knows these students as the roster has them; it is looked at without nbgrader."""
    if not students:
        return True
    try:
        with closing(sqlite3.connect(f"{(out / FILE_NAME).absolute().as_uri()}?mode=ro", uri=True)) as book:
            rows = set(book.execute("SELECT id, first_name, last_name, email, lms_user_id FROM student"))
    except sqlite3.Error:
        return False
    return all(
        (one.id, *(field or None for field in (one.first_name, one.last_name, one.email, one.lms_user_id)))
        in rows
        for one in students
    )


def behind(out: Path, unit: Unit, kept: Mapping[str, ResultFile], handed_in: Mapping[str, Path]) -> list[str]:
    """The students of whom `out/gradebook.db` says something else than their results; looked at without nbgrader.

    `kept` holds the results and `handed_in` the folders of the submissions, by student. Behind is also who handed in
    at another time than was entered, everyone after a change of the due date, and who has an extension, which a
    person may have given since.
    """
    try:
        with closing(sqlite3.connect(f"{(out / FILE_NAME).absolute().as_uri()}?mode=ro", uri=True)) as book:
            rows = book.execute(
                f"""
                SELECT submitted.student_id, assignment.duedate, submitted.extension, seen.digest,
                       COUNT(grade.auto_score), COALESCE(SUM(grade.auto_score), 0)
                FROM submitted_assignment AS submitted
                JOIN assignment ON assignment.id = submitted.assignment_id
                JOIN submitted_notebook AS notebook ON notebook.assignment_id = submitted.id
                LEFT JOIN {_SEEN} AS seen ON seen.notebook_id = notebook.id
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
        row = entered.get(database.stored(student))
        if row is None:
            return True
        known_due, extension, digest, marks, score = row
        return (
            extension is not None
            or digest != result.submission
            or (due is not None and (known_due is None or datetime.fromisoformat(known_due) != due))
            or (marks > 0) != (result.score is not None)
            or abs(score - (result.score or 0.0)) > 1e-4
            or _receipt(handed_in.get(student)) != _receipt(place(out, student, unit.name).parent)
        )

    return [student for student, result in kept.items() if differs(student, result)]


def _receipt(folder: Path | None) -> bytes | None:
    """When it was handed in, as nbgrader's receipt in this folder says it."""
    return None if folder is None else autograded.read_receipt(folder / "timestamp.txt")


def backup(out: Path, keep: int = 10, *, patience: float = PATIENCE) -> Path | None:
    """Copies `out/gradebook.db` to `out/gradebook-backups/`, where the newest `keep` copies stay.

    Returns the copy, the last one where nothing has changed since, and None where there is no gradebook or `keep`
    is 0. Other programs may use the gradebook meanwhile. AutograderError where it cannot be read or copied, or is
    locked for more than `patience` seconds.
    """
    source, folder = out / FILE_NAME, out / BACKUPS
    if keep < 1 or not source.exists():
        return None
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    temporary = folder / f".{now}.tmp"
    try:
        folder.mkdir(exist_ok=True)
        with (
            closing(sqlite3.connect(source, timeout=patience, isolation_level=None)) as old,
            closing(sqlite3.connect(temporary)) as new,
        ):
            old.execute("BEGIN")
            old.execute("SELECT 1 FROM sqlite_master").fetchone()  # `backup` waits for ever, this for so long
            old.backup(new)
        copies = sorted(folder.glob("gradebook-*.db"))
        if copies and copies[-1].read_bytes() == temporary.read_bytes():
            temporary.unlink()
            return copies[-1]
        copy = folder / f"gradebook-{now}.db"
        os.replace(temporary, copy)
        for old_copy in copies[: max(0, len(copies) + 1 - keep)]:
            old_copy.unlink()
    except (sqlite3.Error, OSError) as error:
        temporary.unlink(missing_ok=True)
        raise AutograderError(
            f"{source}: no backup could be made in {folder} ({error}): nothing was changed"
        ) from None
    return copy


def place(out: Path, student: str, unit: str) -> Path:
    """Where formgrader looks for this student's notebook."""
    return out.joinpath("autograded", student, unit, f"{unit}.ipynb")


# ------------------------------------------------------------------------------------------------- the policy


@dataclass(frozen=True)
class _Policy:
    """What `nbgrader_config.py` says that matters here."""

    course_id: str
    penalty: Callable[[str, float, float], float | None]  # student, score, seconds late


def _policy(config: Path | None) -> _Policy:
    """Course id and late penalty as nbgrader would read them from this file, or its defaults."""
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    settings = Config()
    try:
        if config is not None and config.exists():
            settings = PyFileConfigLoader(config.name, path=str(config.parent)).load_config()
        preprocessor = AssignLatePenalties(config=settings)
        preprocessor.init_plugin()
    except Exception as error:  # the file is a program of the instructor's
        raise CourseError(f"{config}: {type(error).__name__}: {error}") from None
    course_id = settings.get("CourseDirectory", {}).get("course_id", "")
    return _Policy(course_id or "default_course", preprocessor.plugin_inst.late_submission_penalty)


# ---------------------------------------------------------------------------------------------- the assignment


@dataclass(frozen=True)
class _Assignment:
    """Keys of the assignment's rows; cells by nbgrader's name."""

    id: str
    notebook: str
    due: datetime | None  # UTC without a zone, as nbgrader keeps it
    graded: Mapping[str, str]
    commented: Mapping[str, str]


@dataclass(frozen=True)
class _Row:
    """Keys of one submission's rows."""

    assignment: str
    notebook: str
    late: float  # seconds


def _refuse_other_points(release: Release, unit: Unit) -> None:
    """The points of every function must be those that the released notebook was made with."""
    for function in unit.functions:
        cell = release.check(function.name)
        if cell is None:
            raise CourseError(
                f"{release.path}: no cell check-{function.name}: run `autograder release {unit.name}`"
            )
        if cell.points != function.points:
            raise CourseError(
                f"{release.path}: {cell.grade_id} has {counted(cell.points, 'point')}, course.toml gives {function.name} "
                f"{function.points:g}: make the two agree and run `autograder release {unit.name}`"
            )


def _assignment(session: Session, release: Release, unit: Unit, course_id: str) -> _Assignment:
    """The unit as nbgrader's assignment, made or renewed from the release where the gradebook lacks it."""
    from nbgrader import api

    assignment = session.query(api.Assignment).filter_by(name=unit.name).one_or_none()
    if assignment is None:
        if session.get(api.Course, course_id) is None:
            session.add(api.Course(id=course_id))
        assignment = api.Assignment(name=unit.name, course_id=course_id)
        session.add(assignment)
    if unit.due is not None:
        assignment.duedate = unit.due.astimezone(UTC).replace(tzinfo=None)
    others = [notebook.name for notebook in assignment.notebooks if notebook.name != unit.name]
    if others:
        raise _other_course(session, unit, f"holds the notebooks {', '.join(others)}")
    if not assignment.notebooks:
        kernel = json.dumps(release.metadata.get("kernelspec", {}))
        assignment.notebooks.append(api.Notebook(name=unit.name, kernelspec=kernel))
    notebook = assignment.notebooks[0]
    session.flush()
    _renew_cells(session, release, unit, notebook)
    session.flush()
    session.refresh(notebook)
    return _Assignment(
        assignment.id,
        notebook.id,
        assignment.duedate,
        graded={cell.name: cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)},
        commented={cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)},
    )


def _renew_cells(session: Session, release: Release, unit: Unit, notebook: Any) -> None:
    """Makes the notebook's cells those of the release, as nbgrader's generate_assignment does."""
    from nbgrader import api

    named = [cell for cell in release.cells if cell.grade_id is not None]
    wanted: dict[tuple[type[Any], str], dict[str, Any]] = {}
    for cell in named:
        name = str(cell.grade_id)
        graded = {"max_score": cell.points, "cell_type": cell.cell_type}
        if cell.grade:
            wanted[api.GradeCell, name] = graded
        if cell.solution:
            wanted[api.SolutionCell, name] = {}
        if cell.task:
            wanted[api.TaskCell, name] = graded
        wanted[api.SourceCell, name] = {
            "cell_type": cell.cell_type,
            "locked": cell.locked,
            "source": cell.source,
            "checksum": cell.checksum,
        }
    cells = (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells, *notebook.source_cells)
    known = {(type(cell), cell.name): cell for cell in cells}
    if notebook.submissions and known.keys() != wanted.keys():
        names = sorted({name for _, name in known.keys() ^ wanted.keys()})
        raise _other_course(session, unit, f"differs from {release.path} in the cells {', '.join(names)}")
    for key, cell in known.items():
        if key not in wanted:
            session.delete(cell)
    for (kind, name), fields in wanted.items():
        if (kind, name) not in known:
            session.add(kind(name=name, notebook_id=notebook.id, **fields))
        elif kind is not api.SourceCell:  # nbgrader keeps the source from before it took hidden tests out
            for field, value in fields.items():
                setattr(known[kind, name], field, value)


def _other_course(session: Session, unit: Unit, how: str) -> AutograderError:
    from sqlalchemy import Engine

    bind = session.get_bind()
    where = bind.url.database if isinstance(bind, Engine) else FILE_NAME
    return AutograderError(
        f"{where}: the assignment {unit.name} {how}: a gradebook of another course, or of before a change to the "
        "notebook; move it away to start a new one, it is made from the results"
    )


# ------------------------------------------------------------------------------------------------ submissions


def _submissions(session: Session, assignment: _Assignment, entries: Sequence[Entry]) -> dict[str, _Row]:
    """Rows for every student, submission and notebook, made where missing, by student."""
    from nbgrader.api import Student as StudentRow
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import insert, update

    students = [database.stored(entry.report.student) for entry in entries]
    enrolled = database.select(session, StudentRow.id, (StudentRow.id,), students)
    database.bulk(
        session, insert(StudentRow), [{"id": student} for student in students if (student,) not in enrolled]
    )
    columns = (
        SubmittedAssignment.student_id,
        SubmittedAssignment.id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    )
    here = SubmittedAssignment.assignment_id == assignment.id
    submitted = {
        row[0]: row
        for row in database.select(session, SubmittedAssignment.student_id, columns, students, here)
    }
    nowhere = (None, None, None, None)
    new, moved, rows = [], [], {}
    for entry in entries:
        student, at = entry.report.student, timestamp(entry.notebook)
        _, id, known_at, extension = submitted.get(database.stored(student), nowhere)
        if id is None:
            id = uuid4().hex
            new.append(
                {
                    "id": id,
                    "assignment_id": assignment.id,
                    "student_id": database.stored(student),
                    "timestamp": at,
                }
            )
        elif at != known_at:
            moved.append({"id": id, "timestamp": at})
        due = assignment.due if assignment.due is None or extension is None else assignment.due + extension
        rows[student] = (id, 0.0 if at is None or due is None else (at - due).total_seconds())
    database.bulk(session, insert(SubmittedAssignment), new)
    database.bulk(session, update(SubmittedAssignment), moved)
    ids = [id for id, _ in rows.values()]
    links = (SubmittedNotebook.assignment_id, SubmittedNotebook.id)
    notebooks = dict(database.select(session, SubmittedNotebook.assignment_id, links, ids))
    missing = {id: uuid4().hex for id in ids if id not in notebooks}
    database.bulk(
        session,
        insert(SubmittedNotebook),
        [
            {"id": key, "assignment_id": id, "notebook_id": assignment.notebook, "flagged": False}
            for id, key in missing.items()
        ],
    )
    notebooks |= missing
    return {student: _Row(id, notebooks[id], late) for student, (id, late) in rows.items()}


def timestamp(notebook: Path | None) -> datetime | None:
    """When the notebook was handed in by nbgrader's receipt beside it: UTC without a zone; None where not known."""
    from nbgrader.utils import parse_utc

    receipt = None if notebook is None else autograded.read_receipt(notebook.parent / "timestamp.txt")
    try:
        at = None if receipt is None else parse_utc(receipt.decode("utf-8").strip())
    except (ValueError, OverflowError):
        return None
    return at if isinstance(at, datetime) else None


def _write_grades(
    session: Session,
    release: Release,
    assignment: _Assignment,
    rows: Mapping[str, _Row],
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
    seen = _seen(session, [row.notebook for row in rows.values()])
    new, changed = [], []
    for entry in entries:
        report, row = entry.report, rows[entry.report.student]
        scores = _scores(release, report)
        resubmitted = seen.get(row.notebook) != report.submission
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
    _see(session, {rows[entry.report.student].notebook: entry.report.submission for entry in entries})


def _seen(session: Session, notebooks: Sequence[str]) -> dict[str, str]:
    """The digest of what was handed in when each of these submitted notebooks of nbgrader's was last written here.

    A table of our own beside nbgrader's, which nbgrader passes over: so it is written, backed up and put back
    together with the marks.
    """
    from sqlalchemy import column, table, text

    session.execute(
        text(f"CREATE TABLE IF NOT EXISTS {_SEEN} (notebook_id VARCHAR(32) PRIMARY KEY, digest TEXT)")
    )
    seen = table(_SEEN, column("notebook_id"), column("digest"))
    return dict(database.select(session, seen.c.notebook_id, (seen.c.notebook_id, seen.c.digest), notebooks))


def _see(session: Session, digests: Mapping[str, str]) -> None:
    from sqlalchemy import text

    statement = text(f"INSERT OR REPLACE INTO {_SEEN} VALUES (:notebook, :digest)")
    database.bulk(session, statement, [{"notebook": id, "digest": digest} for id, digest in digests.items()])


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


def _write_comments(
    session: Session,
    release: Release,
    assignment: _Assignment,
    rows: Mapping[str, _Row],
    entries: Sequence[Entry],
    handed_in: Mapping[str, Written],
) -> None:
    """What the checks said, beside the function it is about; comments of people are columns of their own."""
    from nbgrader.api import Comment
    from sqlalchemy import insert, update

    columns = (Comment.notebook_id, Comment.cell_id, Comment.id, Comment.auto_comment)
    known = {
        (row[0], row[1]): row[2:]
        for row in database.select(
            session, Comment.notebook_id, columns, [row.notebook for row in rows.values()]
        )
    }
    new, changed = [], []
    for entry in entries:
        row = rows[entry.report.student]
        texts = _comments(release, entry.report, handed_in[entry.report.student])
        for name, cell in assignment.commented.items():
            id, text = known.get((row.notebook, cell), (None, None))
            if id is None:
                keys = {"id": uuid4().hex, "notebook_id": row.notebook, "cell_id": cell}
                new.append({**keys, "auto_comment": texts.get(name)})
            elif text != texts.get(name):
                changed.append({"id": id, "auto_comment": texts.get(name)})
    database.bulk(session, insert(Comment), new)
    database.bulk(session, update(Comment), changed)


def _comments(release: Release, report: Report, handed_in: Written) -> dict[str, str]:
    """Comments as Markdown by nbgrader's names of the cells they stand beside."""
    texts = dict.fromkeys(autograded.unanswered(release, handed_in), "No response.")
    for function in report.functions:
        answer = release.answer(function.name)
        if answer is not None and answer.grade_id is not None:
            texts[answer.grade_id] = comment(function)
    return texts


def comment(function: FunctionReport) -> str:
    """A function's verdict as Markdown that reads well as plain text too: formgrader shows it so."""
    lines = [
        autograded.finding(diagnosis.title, f"`{diagnosis.id}`", diagnosis.line)
        for diagnosis in function.diagnoses
    ]
    for check in function.checks:
        if not check.passed:
            message = f". {check.message}" if check.message else ""
            lines.append(f"Not passed: {check.name}{message}")
    if function.carried_forward:
        lines.append(f"Marked with a right {' and '.join(function.carried_from)} in place of the student's.")
    if function.note:
        lines.append(function.note)
    bullets = "".join(f"\n- {autograded.harmless(autograded.plain(line))}" for line in lines)
    return autograded.points(function) + ("\n" + bullets if bullets else "")


def _write_penalties(
    session: Session,
    assignment: _Assignment,
    rows: Mapping[str, _Row],
    entries: Sequence[Entry],
    policy: _Policy,
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

"""Grades for other systems, read from the gradebook: marks given by hand, overrides and late penalties included."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import results, terms, turns, verdicts
from autograder.gradebook.sheets import as_csv
from autograder.lms import gradescope, marks
from autograder.lms.marks import Absent, Marks
from autograder.naming import as_folder, as_name, as_text
from autograder.pages import stamps
from autograder.records import Course, Unit
from autograder.words import agree, few, in_full

Format: TypeAlias = Literal["csv", "canvas", "moodle", "gradescope"]
_Table: TypeAlias = "list[list[str]]"
FORMATS: tuple[Format, ...] = ("csv", "canvas", "moodle", "gradescope")


@dataclass(frozen=True)
class Exported:
    """What an export wrote, and what the person who asked for it should know."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def export(
    course: Course,
    out: Path,
    format: Format,
    *,
    units: Sequence[str] = (),
    to: Path | None = None,
    absent: Absent = "blank",
    columns: Mapping[str, str] | None = None,
    questions: bool = False,
) -> Exported:
    """Writes the grades of these units (all that have been graded, by default) for another system.

    `out` holds the gradebook; the files go to `to`, by default `out/exports/`. `absent` is the mark of students who
    handed in nothing; `columns` names units as the other system does ("Self-attention (4711)" for Canvas); with
    `questions`, each question has a column beside its unit's there too (CSV and Gradescope's results have them always).
    CourseError where there is no gradebook or no graded unit, and where the system needs ids that the roster lacks:
    then nothing is written.
    """
    graded = marks.read(course, out, units, absent)
    columns = columns or {}
    folder = to if to is not None else out / "exports"
    if format == "gradescope":
        files = _gradescope(course, out, graded)
    else:
        if format == "csv":
            rows = _plain(graded)
        elif format == "canvas":
            rows = canvas(course, graded, columns, questions=questions)
        else:
            rows = _moodle(course, graded, columns, questions=questions)
        files = [(f"{format}.csv", as_csv(rows))]
    placed = [(folder / name, content) for name, content in files]
    try:
        with turns.changing(course.root):  # two at once would take each other's files for theirs
            results.write_all(placed)
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: cannot be written ({error.strerror})") from None
    notes = (*marks.notes(graded), *_on_penalties(course, out, graded))
    return Exported(tuple(path for path, _ in placed), notes)


def _on_penalties(course: Course, out: Path, graded: Marks) -> list[str]:
    """Says so where something was given or arranged since what being late costs was worked out, which grading does."""
    told = []
    for unit in graded.units:
        holds, here = terms.read(course, out, unit), graded.entered[unit.name]
        costs = course.late is not None or any(one.penalty for one in here.values())
        late = [
            as_name(name)
            for name, one in here.items()
            if costs and (one.penalty or holds.late_by(name, one.timestamp))
        ]
        older = [as_text(one) for one in stamps.outdated(course.root, out, unit.name, holds, late)]
        if older:
            told.append(
                f"{unit.name}: late, with marks or more time given since it was worked out what that costs: {few(older)}: run "
                f"`autograder grade {unit.name}`, then this again"
            )
    return told


def _needed(
    course: Course, graded: Marks, system: str, column: str, *fields: Callable[[Student], str]
) -> Callable[[Student], str]:
    """The first field that every student has; CourseError names those who lack it, or two who have the same."""
    place = course.roster or "the roster (`roster` in course.toml)"
    for field in fields:
        _refuse_shared(graded, field, f"{system} would give both the mark of one: correct {place}")
        if all(field(student) for student in graded.students):
            return field
    lacking = [student.id for student in graded.students if not fields[0](student)]
    raise CourseError(
        f"{system} knows students by an id of its own, which {len(lacking)} of {len(graded.students)} {agree(len(lacking), 'lacks', 'lack')} "
        f"({few(lacking)}): fill the column {column} in {place}"
    )


def _refuse_shared(graded: Marks, field: Callable[[Student], str], mend: str) -> None:
    """CourseError where two students have the same in a field by which the other system knows them."""
    known: dict[str, Student] = {}
    for student in graded.students:
        value = field(student).casefold()
        other = known.setdefault(value, student)
        if value and other is not student:
            raise CourseError(f"{other.id} and {student.id} are both {field(student)}, and {mend}")


# ------------------------------------------------------------------------------------------------------ the tables


def _plain(graded: Marks) -> _Table:
    """One row for each unit and student, with a column for each question of any unit."""
    columns = "unit student_id last_name first_name email section timestamp raw_score late_penalty score max_score review excused"
    asked = list(dict.fromkeys(one.name for unit in graded.units for one in graded.questions(unit)))
    rows = [[*columns.split(), *(f"mark:{name}" for name in asked)]]
    for unit in graded.units:
        own = {question.name: question for question in graded.questions(unit)}
        for student in graded.students:
            standing, is_excused = graded.standing(unit, student), graded.is_excused(unit, student)
            at = raw = penalty = ""
            if standing is not None:
                at = "" if standing.timestamp is None else f"{standing.timestamp:%Y-%m-%d %H:%M:%S} UTC"
                if standing.graded:
                    raw, penalty = in_full(standing.raw_score), in_full(standing.penalty)
            rows.append(
                [
                    unit.name,
                    student.id,
                    student.last_name,
                    student.first_name,
                    student.email,
                    student.section,
                    at,
                    raw,
                    penalty,
                    graded.score(unit, student),
                    in_full(graded.max_score(unit)),
                    "yes" if standing is not None and standing.needs_review and not is_excused else "",
                    "yes" if is_excused else "",
                    *(graded.answer(unit, student, own[name]) if name in own else "" for name in asked),
                ]
            )
    return rows


def canvas(course: Course, graded: Marks, columns: Mapping[str, str], *, questions: bool = False) -> _Table:
    """The file that Canvas's gradebook imports: a row of points possible comes before the students."""
    id = _needed(course, graded, "Canvas", "lms_user_id", lambda student: student.lms_user_id)
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]]
    rows += [["    Points Possible", "", "", "", ""]]
    rows += [
        [_full_name(student), id(student), "", student.lms_login_id, student.section]
        for student in graded.students
    ]
    for unit in graded.units:
        excused = ["EX" if graded.is_excused(unit, student) else "" for student in graded.students]
        for title, most, cells in _columns(graded, unit, columns, questions=questions):
            marks_of_all = [cell or mark for cell, mark in zip(excused, cells, strict=True)]
            for row, cell in zip(rows, [title, most, *marks_of_all], strict=True):
                row.append(cell)
    return rows


def _moodle(course: Course, graded: Marks, columns: Mapping[str, str], *, questions: bool = False) -> _Table:
    """The file that Moodle's grade import takes; `ID number` or `Email address` is the column to map to."""
    _needed(course, graded, "Moodle", "moodle_id", _moodle_id, lambda student: student.email)
    rows = [["First name", "Last name", "ID number", "Email address"]]
    rows += [
        [student.first_name, student.last_name, _moodle_id(student), student.email]
        for student in graded.students
    ]
    for unit in graded.units:
        for title, _, cells in _columns(graded, unit, columns, questions=questions):
            for row, cell in zip(rows, [title, *cells], strict=True):
                row.append(cell)
    return rows


def _columns(
    graded: Marks, unit: Unit, columns: Mapping[str, str], *, questions: bool
) -> list[tuple[str, str, list[str]]]:
    """A unit's column, and with `questions` one for each of them: its name, the points that it has, everyone's marks."""
    own = unit.title or unit.name
    found = [
        (
            columns.get(unit.name, own),
            in_full(graded.max_score(unit)),
            [graded.score(unit, student) for student in graded.students],
        )
    ]
    for question in graded.questions(unit) if questions else ():
        cells = [graded.answer(unit, student, question) for student in graded.students]
        found.append((f"{own}: {question.name}", in_full(question.max_score), cells))
    return found


def _moodle_id(student: Student) -> str:
    return student.moodle_id or student.lms_user_id


def _full_name(student: Student) -> str:
    return ", ".join(name for name in (student.last_name, student.first_name) if name) or student.id


# ------------------------------------------------------------------------------------------------------ Gradescope


def _gradescope(course: Course, out: Path, graded: Marks) -> list[tuple[str, bytes]]:
    """A `results.json` for everyone who has marks, and for each unit the autograder to upload."""
    files = []
    enrolled = {student.id for student in graded.students if "/" not in student.id and student.id[:1] != "."}
    for unit in graded.units:
        files.append((f"gradescope/{unit.name}-autograder.zip", gradescope.package(course, unit)))
        for student, standing in graded.standings[unit.name].items():
            if standing.graded and student in enrolled:
                said = _said(out, unit, student) if unit.adopted is not None else {}
                told = gradescope.of_standing(standing, course.hints, said)
                content = json.dumps(told, indent=1, ensure_ascii=False)
                files.append((f"gradescope/{unit.name}/{as_folder(student)}/results.json", content.encode()))
    return files


def _said(out: Path, unit: Unit, student: str) -> dict[str, str]:
    """What is said of each test cell that nbgrader made: its gradebook has no comment beside those."""
    result = results.read(results.path(out, unit.name, as_name(student)))
    functions = () if result is None else results.report_of(result, unit.title).functions
    return {function.name: verdicts.verdict(function) for function in functions}

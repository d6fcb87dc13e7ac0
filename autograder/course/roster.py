"""The roster: who takes the course, read from the CSV file that `nbgrader db student import` reads too.

Columns may also be separated by semicolons or tabs, as spreadsheets write them, which nbgrader does not read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import CourseError
from autograder.words import composed, counted

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id", "section")


@dataclass(frozen=True)
class Student:
    """One row of the roster; what is not known is an empty string."""

    id: str  # the name of the folder in `submitted/`
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""  # the number or name by which Canvas, Moodle or Gradescope knows the student
    section: str = ""


def read(path: Path) -> tuple[Student, ...]:
    """The students in the order of the file; CourseError names file, line and what was expected."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Excel writes a byte order mark
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8 text (byte {error.start}): save it as CSV UTF-8") from None
    rows = csv.reader(text.splitlines(keepends=True), strict=True, delimiter=_delimiter(text))
    students: dict[str, Student] = {}
    try:
        header = [name.strip() for name in next(rows, [])]
        _refuse_header(path, header)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise CourseError(
                    f"{path}, line {rows.line_num}: {counted(len(row), 'column')}, expected {len(header)}"
                )
            student = Student(**dict(zip(header, (cell.strip() for cell in row), strict=True)))
            if not student.id or student.id.startswith(".") or "/" in student.id or "\0" in student.id:
                raise CourseError(
                    f"{path}, line {rows.line_num}: id {student.id!r}, expected the name of a folder in submitted/"
                )
            if composed(student.id) in students:
                raise CourseError(
                    f"{path}, line {rows.line_num}: id {student.id!r} a second time, expected each once"
                )
            students[composed(student.id)] = student
    except csv.Error as error:
        raise CourseError(f"{path}, line {rows.line_num}: not CSV ({error})") from None
    return tuple(students.values())


def spelt(students: Sequence[Student], names: Iterable[str]) -> tuple[Student, ...]:
    """The students with their ids spelt as in `names`, the names of folders: macOS and its zips write accents apart."""
    known = set(names)
    spelling = {composed(name): name for name in known}
    return tuple(
        student
        if student.id in known
        else replace(student, id=spelling.get(composed(student.id), student.id))
        for student in students
    )


def _delimiter(text: str) -> str:
    """What stands between columns, by the first line: Excel writes semicolons where the comma is a decimal sign."""
    header = text.partition("\n")[0]
    return next((sign for sign in ",;\t" if sign in header), ",")


def _refuse_header(path: Path, header: list[str]) -> None:
    expected = f"expected a line that names the columns: id and any of {', '.join(COLUMNS[1:])}"
    if "id" not in header:
        raise CourseError(f"{path}, line 1: no column id: {expected}")
    for name in header:
        if name not in COLUMNS:
            raise CourseError(f"{path}, line 1: column {name!r}: {expected}")
        if header.count(name) > 1:
            raise CourseError(f"{path}, line 1: column {name!r} twice: {expected}")

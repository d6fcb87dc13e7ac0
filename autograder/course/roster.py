"""The roster: who takes the course, read from the CSV file that `nbgrader db student import` reads too.

Columns may also be separated by semicolons or tabs, as spreadsheets write them, and be called "First name" or "E-Mail",
which nbgrader does not read. Those that an office has added of its own are passed over, as nbgrader does.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import naming
from autograder.course import csvrows
from autograder.decoding import UndecodedError, decoded
from autograder.errors import CourseError
from autograder.words import counted, listed

COLUMNS = (
    "id", "first_name", "last_name", "email", "lms_user_id", "section", "lms_login_id", "moodle_id", "group",
)  # fmt: skip
_COLUMNS = {csvrows.letters(name): name for name in COLUMNS}
_MISSPELT = 0.8  # of 1, from which a column's name is meant to be one of ours
_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n')
_CLOSE = 0.75  # of 1, from which a student's id may be meant by a folder of nobody
_MOST_COMPARED = 100  # folders of nobody, of which it is asked whom they may be meant by


@dataclass(frozen=True)
class Student:
    """One row of the roster; what is not known is an empty string."""

    id: str  # the name of the folder in `submitted/`
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = (
        ""  # the number by which Canvas or Gradescope knows the student, or Moodle without `moodle_id`
    )
    section: str = ""
    lms_login_id: str = ""  # the name with which the student logs in to the LMS
    moodle_id: str = ""  # what Moodle calls "ID number", where it is not `lms_user_id`
    group: str = ""  # with whom the student hands in, in units that have groups


def read(path: Path) -> tuple[Student, ...]:
    """The students in the order of the file; CourseError names file, line and what was expected."""
    text = _text(path)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    students: dict[str, Student] = {}
    try:
        if _SEPARATOR.match(text):  # a line of Excel's own
            next(rows)
        titles = [name.strip() for name in next(rows, [])]
        header = _header(path, titles)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise CourseError(
                    f"{path}, line {rows.line_num}: {counted(len(row), 'column')}, expected {len(header)}"
                )
            student = Student(
                **{name: cell.strip() for name, cell in zip(header, row, strict=True) if name is not None}
            )
            if not naming.is_id(student.id):
                raise CourseError(
                    f"{path}, line {rows.line_num}: id {student.id!r}, expected the name of a folder in submitted/"
                )
            if naming.composed(student.id) in students:
                raise CourseError(
                    f"{path}, line {rows.line_num}: id {student.id!r} a second time, expected each once"
                )
            students[naming.composed(student.id)] = student
    except csv.Error as error:
        raise CourseError(f"{path}, line {rows.line_num}: not CSV ({error})") from None
    _refuse_mistaken_groups(path, tuple(students.values()))
    return tuple(students.values())


@dataclass(frozen=True)
class Match:
    """Whose folder is whose: students of the roster and names of folders, however either is written."""

    folders: Mapping[str, str]  # by the roster's id, the folder that can alone be meant
    doubtful: Mapping[str, tuple[str, ...]]  # by the roster's id, folders of nobody else that may be meant
    strangers: tuple[str, ...]  # folders of nobody on the roster, those that may be somebody's included

    def maybe(self, folder: str) -> str:
        """The ids that a folder of nobody may be meant by, as a question; empty where there is none."""
        ids = [id for id, names in self.doubtful.items() if folder in names]
        return f" (did you mean {listed(ids[:3], 'or')}?)" if ids else ""


def match(students: Sequence[Student], names: Iterable[str]) -> Match:
    """Finds each student's folder among these names: the same, or the same but for how it is written.

    Accents' spelling, case, spaces at the ends and old encodings do not count, where one student and one folder
    alone come together by it. What may be meant besides, by a name much alike or by the student's own, is doubtful.
    """
    absent, left = {student.id: student for student in students}, dict.fromkeys(names)
    folders: dict[str, str] = {}
    doubtful: dict[str, tuple[str, ...]] = {}
    for signs in (_exact, _composed, naming.readings):
        ids, found = _by_sign(absent, signs), _by_sign(left, signs)
        for id in list(absent):
            meant = sorted({name for sign in signs(id) for name in found.get(sign, ())})
            rivals = {other for name in meant for sign in signs(name) for other in ids.get(sign, ())}
            if len(meant) == 1 and rivals == {id}:
                folders[id] = meant[0]
            elif meant:
                doubtful[id] = tuple(meant)
        for id in (*folders, *doubtful):
            absent.pop(id, None)
        for name in folders.values():
            left.pop(name, None)
    taken = {name for names in doubtful.values() for name in names}
    doubtful |= _alike(absent, [name for name in left if name not in taken])
    return Match(folders, doubtful, tuple(left))


def _exact(name: str) -> frozenset[str]:
    return frozenset((name, naming.as_text(name)))


def _composed(name: str) -> frozenset[str]:
    return frozenset((naming.composed(name),))


def _by_sign(names: Iterable[str], signs: Callable[[str], frozenset[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        for sign in signs(name):
            found.setdefault(sign, []).append(name)
    return found


def _alike(absent: Mapping[str, Student], strangers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Students without a folder who may be meant by a folder of nobody: by their own name, or by an id much like it."""
    spoken: dict[str, list[str]] = {}
    for one in absent.values():
        for name in (f"{one.first_name} {one.last_name}", one.email.partition("@")[0]):
            spoken.setdefault(_spoken(name), []).append(one.id)
    known = {naming.as_text(id): id for id in absent}
    found: dict[str, list[str]] = {}
    for stranger in strangers[:_MOST_COMPARED]:
        ids = spoken.get(_spoken(stranger), []) if _spoken(stranger) else []
        for id in ids or [known[text] for text in naming.nearest(stranger, absent, _CLOSE)]:
            found.setdefault(id, []).append(stranger)
    return {id: tuple(names) for id, names in found.items()}


def _spoken(name: str) -> str:
    """A name by its words, in whatever order and with whatever between them."""
    return " ".join(sorted(naming.words(name)))


def spelt(students: Sequence[Student], names: Iterable[str]) -> tuple[Student, ...]:
    """The students with their ids spelt as in `names`, the names of folders."""
    folders = match(students, names).folders
    return tuple(replace(student, id=folders.get(student.id, student.id)) for student in students)


def _refuse_mistaken_groups(path: Path, students: Sequence[Student]) -> None:
    """A folder that is called like a group must not be the folder of somebody else."""
    groups = {one.id: one.group for one in students}
    for group in dict.fromkeys(one.group for one in students if one.group):
        for id in (id for id in groups if naming.readings(id) & naming.readings(group)):
            if groups[id] != group:
                raise CourseError(
                    f"{path}: the group {group!r} is called like the student {id!r}, who is not in it: give it another name"
                )


def unread(path: Path) -> tuple[str, ...]:
    """The columns that are passed over, as the file calls them; CourseError as `read` raises it for its first line."""
    text = _text(path)
    lines = io.StringIO(text[len(said[0]) :] if (said := _SEPARATOR.match(text)) else text, newline="")
    titles = [name.strip() for name in next(csv.reader(lines, delimiter=_delimiter(text)), [])]
    return tuple(
        title for title, name in zip(titles, _header(path, titles), strict=True) if title and name is None
    )


def _text(path: Path) -> str:
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from None
    except UndecodedError as error:
        raise CourseError(f"{path}: {error}: save it as CSV UTF-8{error.hint}") from None


def _delimiter(text: str) -> str:
    """What stands between columns, by the first line: Excel writes semicolons where the comma is a decimal sign."""
    if said := _SEPARATOR.match(text):
        return said[1]
    header = next(iter(text.splitlines()), "")
    return next((sign for sign in ",;\t" if "id" in map(csvrows.letters, header.split(sign))), ",")


def _header(path: Path, titles: Sequence[str]) -> list[str | None]:
    """Which of our columns each of the file's is; None for one of its own. What is nearly one of ours is refused."""
    expected = f"expected a line that names the columns: id and any of {', '.join(COLUMNS[1:])}"
    header = [_COLUMNS.get(csvrows.letters(title)) for title in titles]
    if "id" not in header:
        raise CourseError(f"{path}, line 1: no column id: {expected}")
    for title, name in zip(titles, header, strict=True):
        if name is not None and header.count(name) > 1:
            raise CourseError(f"{path}, line 1: column {name!r} twice: {expected}")
        close = difflib.get_close_matches(csvrows.letters(title), _COLUMNS, n=1, cutoff=_MISSPELT)
        if name is None and close:
            raise CourseError(
                f"{path}, line 1: column {title!r} (did you mean {_COLUMNS[close[0]]!r}?): {expected}"
            )
    return header

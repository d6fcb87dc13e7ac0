"""Every place where a student's data lies: what is theirs alone, and what names them among others.

Whatever keeps something about students has to be listed here: renaming, removing, handing out and deleting all that is
of one student go by it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

from autograder.course import csvrows, roster
from autograder.course.roster import Student
from autograder.gradebook import arrangements, copies, handwork, imported, persons, results, unplaced
from autograder.gradebook.database import FILE_NAME
from autograder.grading import attendance, groups, index
from autograder.grading.planning import Order
from autograder.naming import as_folder, as_name, as_text, is_one
from autograder.notebook import places
from autograder.pages import feedback, stamps
from autograder.records import Course
from autograder.words import counted, listed

# own: a file or folder of the student alone. book: rows in a gradebook. entry: an entry in a file of the course.
# rows: rows of a table. shared: a file that names them among others, and that is made again of the rest.
Kind: TypeAlias = Literal["own", "book", "entry", "rows", "shared"]

REMOVED: Final = "removed"  # the folder of those who have left
ELSEWHERE: Final = (
    "sentences in said.toml, nbgrader's exchange, your LMS, version control and backups of your own"
)


@dataclass(frozen=True)
class Place:
    """One place."""

    path: Path
    kind: Kind
    holds: str  # in a few words
    unit: str = ""  # the one unit that it is about, if any


@dataclass(frozen=True)
class Belongings:
    """Where a student's data lies, in the order in which it can be taken out: who is known by what is last."""

    student: str  # by name as text
    places: tuple[Place, ...]
    row: Student | None  # on the roster

    @property
    def names(self) -> frozenset[str]:
        """By what tables say that a row is the student's."""
        row = self.row or Student(self.student)
        return csvrows.names(
            [self.student, row.id, row.email, row.lms_user_id, row.lms_login_id, row.moodle_id]
        )


def of(course: Course, out: Path, student: str) -> Belongings:
    """Where data of a student lies, by name as text; `out` holds what grading has left."""
    row = _on_roster(course, student)
    whose = Belongings(student, (), row)
    named = is_one(
        as_name(student)
    )  # else it is a way to what is nobody's: whoever typed it, or wrote it into a gradebook
    found = [
        *(_submitted(course, student) if named else ()),
        *(_files(course, out, student) if named else ()),
        *_books(out, student),
        *_tables(course, out, whose),
        *_entries(course, out, student),  # by which it is known whose some of the rows are
    ]
    if row is not None and course.roster is not None:
        found.append(Place(course.roster, "entry", "1 line"))
    return Belongings(student, tuple(found), row)


def of_groups(course: Course, out: Path, student: str) -> tuple[str, ...]:
    """A line on each unit in which this student's folder, by name as text, holds the work of others too."""
    lines = []
    for unit in course.units:
        if unit.groups and (course.root / "submitted").is_dir():
            handed_in = attendance.collect(Order(course, unit, course.root / "submitted", out)).handed_in
            others = [as_text(one.student) for one in handed_in if one.by == as_name(student)]
            others = [name for name in others if name != student]
            if others:
                lines.append(
                    f"the work in {unit.name} is that of {listed(others)} too, of the same group: their marks and pages stay, "
                    "and there is no file then to grade again"
                )
    return tuple(lines)


def _on_roster(course: Course, student: str) -> Student | None:
    if course.roster is None:
        return None
    students = roster.read(course.roster)
    for row, spelt in zip(students, roster.spelt(students, [as_name(student)]), strict=True):
        if as_text(spelt.id) == student:
            return row
    return None


def _submitted(course: Course, student: str) -> Iterator[Place]:
    """Work that is handed in."""
    submitted, name = course.root / "submitted", as_name(student)
    if os.path.lexists(submitted / name):
        yield Place(submitted / name, "own", _counted(submitted / name))
    try:
        entries = sorted(os.listdir(submitted))
    except OSError:
        return
    flat = [entry for entry in entries if places.is_work(entry) and (submitted / entry).is_file()]
    folders = {entry for entry in entries if (submitted / entry).is_dir()}
    for unit in course.units:
        owned, _ = places.owners(submitted, flat, unit, course.units, {*folders, name})
        if name in owned:
            yield Place(owned[name], "own", "1 file", unit.name)


def _files(course: Course, out: Path, student: str) -> Iterator[Place]:
    """Files and folders that are the student's alone, among those that commands write."""
    name = as_name(student)
    paths = [
        *(
            out.joinpath("results", unit.name, f"{name}{ending}")
            for unit in course.units
            for ending in (".json", ".html")
        ),
        out / "feedback" / name,
        out / "autograded" / as_folder(student),
        *imported.places(course.root, name),
        course.root / REMOVED / name,
    ]
    for folder, folders, files in os.walk(out / "exports"):
        folders.sort()
        named = [one for one in folders if one in (name, as_folder(student))]
        paths += [Path(folder, one) for one in named]
        folders[:] = [one for one in folders if one not in named]
        paths += [
            Path(folder, one)
            for one in sorted(files)
            if one in (f"{name}.html", f"{as_folder(student)}.html")
        ]
    for path in dict.fromkeys(paths):
        if os.path.lexists(path):
            yield Place(path, "own", _counted(path))


def _counted(path: Path) -> str:
    if path.is_symlink():
        return "a link"
    if not path.is_dir():
        return "1 file"
    return counted(sum(len(files) for _, _, files in os.walk(path)), "file")


def _books(out: Path, student: str) -> Iterator[Place]:
    """The gradebook and its copies."""
    for path in (out / FILE_NAME, *copies.every(out / FILE_NAME)):
        held = persons.read(path, student)
        if held:
            given = handwork.read(path, None, [student]) or {}
            parts = [counted(len(held.get("units", ())), "unit")]
            parts += [f"{handwork.said(given)} given by hand"] if given else []
            yield Place(path, "book", ", ".join(parts))
    for path in sorted((out / copies.FOLDER).glob("damaged-*")):
        yield Place(path, "shared", "a damaged gradebook, which cannot be looked into")


def _entries(course: Course, out: Path, student: str) -> Iterator[Place]:
    """Entries in files of the course."""
    excused = arrangements.every(course.root, student)
    if excused:
        yield Place(course.root / arrangements.FILE_NAME, "entry", f"excused from {listed(list(excused))}")
    for unit in imported.units(course.root, as_name(student)):
        yield Place(imported.file(course.root, unit), "entry", "what the LMS calls it", unit)
    for unit in (one.name for one in course.units if one.groups):
        for other in results.students(out, unit):
            paths = (
                results.path(out, unit, other),
                feedback.kept(out, unit, other),
                stamps.place(out, unit, other),
            )
            for path in paths if as_text(other) != student else ():
                if groups.called(path, student)[1]:
                    yield Place(path, "entry", "named to the same group", unit)
    for one in course.units:
        if any(other.student == student for other in unplaced.read(out, one.name)):
            yield Place(unplaced.place(out, one.name), "entry", "work that is not graded", one.name)


def _tables(course: Course, out: Path, whose: Belongings) -> Iterator[Place]:
    """Tables and pages of a whole class."""
    participants: Mapping[str, str] = {
        unit: f"participant {taken.participant}"
        for unit, taken in imported.units(course.root, as_name(whose.student)).items()
        if taken.participant
    }
    for path in sorted((course.root / imported.FOLDER).glob("*/worksheets/*.csv")):
        unit = path.parent.parent.name
        yield from _rows(path, whose.names | csvrows.names([participants.get(unit, "")]), unit)
    for path in sorted((out / "exports").rglob("*")):
        if path.suffix == ".csv":
            yield from _rows(path, whose.names, "")
        elif path.suffix == ".zip" and not path.name.endswith("-autograder.zip"):
            yield Place(path, "shared", "pages of a class, made again by `autograder return`")
    row = whose.row or Student(whose.student)
    said = (whose.student, row.email, f"{row.first_name} {row.last_name}".strip(), row.last_name)
    for path in sorted((out / "report").rglob("*")):
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        # A page writes an apostrophe by its sign's number, in text and otherwise in an address.
        if any(one in text or one in unquote(unescape(text)) for one in said if one):
            yield Place(path, "shared", "a page of the class, made again by `autograder grade`")
    for path in (index.place(out, unit.name) for unit in course.units):
        known = path.read_bytes() if path.is_file() else b""
        if os.fsencode(as_name(whose.student)) in known or any(
            one.encode("utf-8", "replace") in known for one in said if one
        ):
            yield Place(path, "shared", "what the last run found, made again by `autograder grade`")


def _rows(path: Path, names: frozenset[str], unit: str) -> Iterator[Place]:
    table = csvrows.read(path)
    found = [] if table is None else table.of(names)
    if found:
        yield Place(path, "rows", counted(len(found), "row"), unit)

"""Grades for other systems, read from the gradebook: marks given by hand, overrides and late penalties included.

A mark that is not there is an empty cell, never a zero: for work that could not be graded always, for students who
handed in nothing unless the policy says zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.course import roster
from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import results, standings, unplaced
from autograder.gradebook.sheets import as_csv, number
from autograder.gradebook.standings import Standing
from autograder.lms import gradescope
from autograder.naming import as_folder, as_name, as_text, readings
from autograder.records import Course, Unit
from autograder.words import agree, few

Format: TypeAlias = Literal["csv", "canvas", "moodle", "gradescope"]
Absent: TypeAlias = Literal["blank", "zero"]
_MOST_TOLD = 20  # of what is not graded
FORMATS: tuple[Format, ...] = ("csv", "canvas", "moodle", "gradescope")


@dataclass(frozen=True)
class Exported:
    """What an export wrote, and what the person who asked for it should know."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Class:
    """Everyone's standing in the units that are exported."""

    units: tuple[Unit, ...]
    students: tuple[Student, ...]
    entered: Mapping[str, Mapping[str, Standing]]  # by unit, by the gradebook's student, of whoever it knows
    standings: Mapping[str, Mapping[str, Standing]]  # by unit, by student
    unentered: Mapping[str, frozenset[str]]  # by unit, who has a result and is not in the gradebook
    notes: tuple[str, ...]  # on work that is nobody's, or in doubt
    doubtful: frozenset[tuple[str, str]]  # units and students whose work may be there without a standing
    absent: Absent
    columns: Mapping[str, str]

    def max_score(self, unit: Unit) -> float:
        """The unit's points, those given by hand included."""
        return next(iter(self.entered[unit.name].values())).max_score

    def score(self, unit: Unit, student: Student) -> str:
        """The student's mark in this unit as a cell, empty where there is none."""
        standing = self.standings[unit.name].get(student.id)
        if standing is None:
            is_absent = (unit.name, student.id) not in self.doubtful
            return "0" if self.absent == "zero" and is_absent else ""
        return number(standing.score) if standing.graded else ""

    def column(self, unit: Unit) -> str:
        """What the unit is called in the other system."""
        return self.columns.get(unit.name, unit.title or unit.name)


def export(
    course: Course,
    out: Path,
    format: Format,
    *,
    units: Sequence[str] = (),
    to: Path | None = None,
    absent: Absent = "blank",
    columns: Mapping[str, str] | None = None,
) -> Exported:
    """Writes the grades of these units (all that have been graded, by default) for another system.

    `out` holds the gradebook; the files go to `to`, by default `out/exports/`. `absent` is the mark of students who
    handed in nothing; `columns` names units as the other system does ("Self-attention (4711)" for Canvas).
    CourseError where there is no gradebook or no graded unit, and where the system needs ids that the roster lacks:
    then nothing is written.
    """
    graded = _class(course, out, units, absent, columns or {})
    folder = to if to is not None else out / "exports"
    if format == "gradescope":
        files = _gradescope(course, graded)
    else:
        table = {"csv": _plain, "canvas": _canvas, "moodle": _moodle}[format]
        files = [(f"{format}.csv", as_csv(table(course, graded)))]
    placed = [(folder / name, content) for name, content in files]
    try:
        results.write_all(placed)
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: cannot be written ({error.strerror})") from None
    return Exported(tuple(path for path, _ in placed), _notes(graded))


# ------------------------------------------------------------------------------------------------------ the class


def _class(
    course: Course, out: Path, names: Sequence[str], absent: Absent, columns: Mapping[str, str]
) -> _Class:
    every = {
        unit.name: standings.read(out, unit.name) for unit in course.units if not names or unit.name in names
    }
    for name in names:
        if not every.get(name):
            raise CourseError(
                f"nobody's work in {name!r} has been graded yet: run `autograder grade {name}` first"
            )
    units = tuple(unit for unit in course.units if every.get(unit.name))
    if not units:
        raise CourseError(f"nothing in {out} has been graded yet: run `autograder grade` first")
    if course.roster is None:
        students, matched = standings.students(out), [_Matched(every[unit.name]) for unit in units]
    else:
        on_roster = roster.read(course.roster)
        students = _spelt(on_roster, {as_name(id) for standing in every.values() for id in standing})
        spelling = {one.id: spelt.id for one, spelt in zip(on_roster, students, strict=True)}
        matched = [_matched(course.roster, unit, every[unit.name], on_roster, spelling) for unit in units]
    unentered = {
        unit.name: frozenset(map(as_text, results.students(out, unit.name))) - every[unit.name].keys()
        for unit in units
    }
    notes = [note for one in matched for note in one.notes]
    doubtful = {(unit.name, id) for unit, one in zip(units, matched, strict=True) for id in one.doubtful}
    ids: dict[str, list[str]] = {}  # by what a name may be meant as
    for one in students:
        for reading in readings(as_name(one.id)):
            ids.setdefault(reading, []).append(one.id)
    for unit in units:
        found = unplaced.read(out, unit.name)
        notes += [f"{unit.name}: not graded: {one.where}: {one.why}" for one in found[:_MOST_TOLD]]
        if len(found) > _MOST_TOLD:
            notes.append(
                f"{unit.name}: and {len(found) - _MOST_TOLD} more that are not graded: see report/{unit.name}.html"
            )
        somebody = [*(one.student for one in found if one.student), *unentered[unit.name]]
        for reading in (reading for name in somebody for reading in readings(as_name(name))):
            doubtful |= {(unit.name, id) for id in ids.get(reading, ())}
    by_unit = {unit.name: one.standings for unit, one in zip(units, matched, strict=True)}
    return _Class(
        units, students, every, by_unit, unentered, tuple(notes), frozenset(doubtful), absent, columns
    )


@dataclass(frozen=True)
class _Matched:
    """A unit's standings, by the students who are exported."""

    standings: Mapping[str, Standing]
    doubtful: tuple[str, ...] = ()  # students without a standing whose work may be a stranger's
    notes: tuple[str, ...] = ()


def _spelt(students: Sequence[Student], folders: Collection[str]) -> tuple[Student, ...]:
    """The roster's students with the gradebook's ids, which are the folders' names as text."""
    return tuple(replace(one, id=as_text(one.id)) for one in roster.spelt(students, folders))


def _matched(
    file: Path,
    unit: Unit,
    found: Mapping[str, Standing],
    students: Sequence[Student],
    names: Mapping[str, str],
) -> _Matched:
    """Whose standing is whose: a student may have handed in under another spelling in every unit."""
    by_folder = {as_name(id): standing for id, standing in found.items()}
    match = roster.match(students, by_folder)
    own = {names[id]: by_folder[folder] for id, folder in match.folders.items()}
    strangers = [f"{as_text(name)}{match.maybe(name)}" for name in sorted(match.strangers)]
    notes = [f"{unit.name}: not in {file.name}, left out: {few(strangers)}"] if strangers else []
    doubtful = [names[id] for id in match.doubtful]
    if doubtful:
        notes.append(
            f"{unit.name}: left blank, since work of nobody on the roster may be theirs: {few(sorted(doubtful))}"
        )
    return _Matched(own, tuple(doubtful), tuple(notes))


def _notes(graded: _Class) -> tuple[str, ...]:
    notes = []
    for unit in graded.units:
        here = graded.entered[unit.name]
        blank = sorted(student for student, standing in here.items() if not standing.graded)
        waiting = sum(standing.needs_review and standing.graded for standing in here.values())
        unentered = sorted(graded.unentered[unit.name])
        if unentered:
            notes.append(
                f"{unit.name}: graded and not in the gradebook yet, left blank: {few(unentered)}: run `autograder grade {unit.name}`"
            )
        if blank:
            notes.append(f"{unit.name}: not graded yet, left blank: {few(blank)}")
        if waiting:
            notes.append(
                f"{unit.name}: {waiting} of {len(here)} {agree(waiting, 'waits', 'wait')} for a person in formgrader: marks so far"
            )
    return (*notes, *graded.notes)


def _needed(
    course: Course, graded: _Class, system: str, column: str, *fields: Callable[[Student], str]
) -> Callable[[Student], str]:
    """The first field that every student has; CourseError names those who lack it."""
    for field in fields:
        if all(field(student) for student in graded.students):
            return field
    lacking = [student.id for student in graded.students if not fields[0](student)]
    place = course.roster or "the roster (`roster` in course.toml)"
    raise CourseError(
        f"{system} knows students by an id of its own, which {len(lacking)} of {len(graded.students)} {agree(len(lacking), 'lacks', 'lack')} "
        f"({few(lacking)}): fill the column {column} in {place}"
    )


# ------------------------------------------------------------------------------------------------------ the tables


def _plain(course: Course, graded: _Class) -> list[list[str]]:
    """One row for each unit and student."""
    columns = "unit student_id last_name first_name email section timestamp raw_score late_penalty score max_score review"
    rows = [columns.split()]
    for unit in graded.units:
        for student in graded.students:
            standing = graded.standings[unit.name].get(student.id)
            who = [
                unit.name,
                student.id,
                student.last_name,
                student.first_name,
                student.email,
                student.section,
            ]
            score = graded.score(unit, student)
            points = number(graded.max_score(unit))
            if standing is None:
                rows.append([*who, "", score, "", score, points, ""])
                continue
            at = "" if standing.timestamp is None else f"{standing.timestamp:%Y-%m-%d %H:%M:%S} UTC"
            raw, penalty = (
                (number(standing.raw_score), number(standing.penalty)) if standing.graded else ("", "")
            )
            rows.append([*who, at, raw, penalty, score, points, "yes" if standing.needs_review else ""])
    return rows


def _canvas(course: Course, graded: _Class) -> list[list[str]]:
    """The file that Canvas's gradebook imports: a row of points possible comes before the students."""
    id = _needed(course, graded, "Canvas", "lms_user_id", lambda student: student.lms_user_id)
    units = graded.units
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *map(graded.column, units)]]
    rows.append(["    Points Possible", "", "", "", "", *(number(graded.max_score(unit)) for unit in units)])
    for student in graded.students:
        scores = [graded.score(unit, student) for unit in units]
        rows.append([_full_name(student), id(student), "", "", student.section, *scores])
    return rows


def _moodle(course: Course, graded: _Class) -> list[list[str]]:
    """The file that Moodle's grade import takes; `ID number` or `Email address` is the column to map to."""
    _needed(course, graded, "Moodle", "moodle_id", _moodle_id, lambda student: student.email)
    rows = [["First name", "Last name", "ID number", "Email address", *map(graded.column, graded.units)]]
    for student in graded.students:
        scores = [graded.score(unit, student) for unit in graded.units]
        rows.append([student.first_name, student.last_name, _moodle_id(student), student.email, *scores])
    return rows


def _moodle_id(student: Student) -> str:
    return student.moodle_id or student.lms_user_id


def _full_name(student: Student) -> str:
    return ", ".join(name for name in (student.last_name, student.first_name) if name) or student.id


# ------------------------------------------------------------------------------------------------------ Gradescope


def _gradescope(course: Course, graded: _Class) -> list[tuple[str, bytes]]:
    """A `results.json` for everyone who has marks, and for each unit the autograder to upload."""
    files = []
    enrolled = {student.id for student in graded.students if "/" not in student.id and student.id[:1] != "."}
    for unit in graded.units:
        files.append((f"gradescope/{unit.name}-autograder.zip", gradescope.package(course, unit)))
        for student, standing in graded.standings[unit.name].items():
            if standing.graded and student in enrolled:
                content = json.dumps(
                    gradescope.of_standing(standing, course.hints), indent=1, ensure_ascii=False
                )
                files.append((f"gradescope/{unit.name}/{as_folder(student)}/results.json", content.encode()))
    return files

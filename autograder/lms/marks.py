"""Everyone's marks as the gradebook has them, by the students of the roster: what exports and what is given back are made of.

A mark that is not there is an empty cell, never a zero: for work that could not be graded always, for who is excused,
for students who handed in nothing unless the policy says zero and it is due for them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.course import roster
from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import arrangements, results, standings, unplaced
from autograder.gradebook.arrangements import Arrangement
from autograder.gradebook.standings import Mark, Standing
from autograder.naming import as_name, as_text, readings
from autograder.records import Course, Unit
from autograder.words import agree, few, in_full

Absent: TypeAlias = Literal["blank", "zero"]
_MOST_TOLD = 20  # of what is not graded


@dataclass(frozen=True)
class Question:
    """A function, a cell or a question that has a mark of its own."""

    name: str  # of the function, or nbgrader's of the cell
    max_score: float


@dataclass(frozen=True)
class Marks:
    """Everyone's standing in some units."""

    units: tuple[Unit, ...]
    students: tuple[Student, ...]
    entered: Mapping[str, Mapping[str, Standing]]  # by unit, by the gradebook's student, of whoever it knows
    standings: Mapping[str, Mapping[str, Standing]]  # by unit, by student
    unentered: Mapping[str, frozenset[str]]  # by unit, who has a result and is not in the gradebook
    notes: tuple[str, ...]  # on work that is nobody's, or in doubt
    doubtful: frozenset[tuple[str, str]]  # units and students whose work may be there without a standing
    excused: Mapping[str, frozenset[str]]  # by unit
    later: Mapping[str, frozenset[str]]  # by unit, for whom it is not due yet
    absent: Absent

    def max_score(self, unit: Unit) -> float:
        """The unit's points, those given by hand included."""
        return next(iter(self.entered[unit.name].values())).max_score

    def standing(self, unit: Unit, student: Student) -> Standing | None:
        """How a student stands in a unit; None for who handed in nothing."""
        return self.standings[unit.name].get(student.id)

    def is_excused(self, unit: Unit, student: Student) -> bool:
        """Whether the unit does not count for the student."""
        return student.id in self.excused[unit.name]

    def score(self, unit: Unit, student: Student) -> str:
        """The student's mark in this unit as a cell, penalties in it, empty where there is none."""
        standing = self.standing(unit, student)
        if self.is_excused(unit, student):
            return ""
        if standing is None:
            is_absent = (unit.name, student.id) not in self.doubtful and student.id not in self.later[
                unit.name
            ]
            return "0" if self.absent == "zero" and is_absent else ""
        return in_full(standing.score) if standing.graded else ""

    def questions(self, unit: Unit) -> tuple[Question, ...]:
        """What in a unit has a mark of its own, in the notebook's order."""
        standing = next(iter(self.entered[unit.name].values()))
        return tuple(Question(_called(mark), mark.max_score) for mark in standing.marks)

    def answer(self, unit: Unit, student: Student, question: Question) -> str:
        """The student's mark for one question as a cell, overrides and extra credit in it; empty where there is none."""
        standing = self.standing(unit, student)
        if self.is_excused(unit, student) or (standing is not None and not standing.graded):
            return ""
        if standing is None:
            return self.score(unit, student)
        mark = next((mark for mark in standing.marks if _called(mark) == question.name), None)
        return "" if mark is None or mark.score is None else in_full(mark.score)


def _called(mark: Mark) -> str:
    return mark.name.removeprefix("check-")


def read(course: Course, out: Path, names: Sequence[str] = (), absent: Absent = "blank") -> Marks:
    """Everyone's marks in these units, in all that have been graded by default.

    `out` holds the gradebook; `absent` is the mark of students who handed in nothing. CourseError where there is no
    gradebook or no graded unit.
    """
    every = {
        unit.name: standings.read(out, unit.name, by_hand=unit.by_hand)
        for unit in course.units
        if not names or unit.name in names
    }
    lost = [name for name, there in every.items() if not there and results.students(out, name)]
    left_out = [
        f"{name}: graded and nobody is in the gradebook yet, left out: run `autograder grade {name}`, which says what stops it"
        for name in lost
    ]
    for name in names:
        if not every.get(name):
            raise CourseError(
                f"{name} is graded, and nobody is in the gradebook yet: run `autograder grade {name}`, which says what stops it"
                if name in lost
                else f"nobody's work in {name!r} has been graded yet: run `autograder grade {name}` first"
            )
    units = tuple(unit for unit in course.units if every.get(unit.name))
    if not units:
        raise CourseError(
            "; ".join(left_out) or f"nothing in {out} has been graded yet: run `autograder grade` first"
        )
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
    notes = [*left_out, *(note for one in matched for note in one.notes)]
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
        older = sorted(
            one for one in map(as_text, results.outdated(out, unit.name)) if one in every[unit.name]
        )
        if older:
            notes.append(
                f"{unit.name}: the checks or points have changed, and not everyone is graded by them: {few(older)}: run "
                f"`autograder grade {unit.name}`"
            )
        somebody = [*(one.student for one in found if one.student), *unentered[unit.name]]
        for reading in (reading for name in somebody for reading in readings(as_name(name))):
            doubtful |= {(unit.name, id) for id in ids.get(reading, ())}
    by_unit = {unit.name: one.standings for unit, one in zip(units, matched, strict=True)}
    own = {unit.name: _arranged(course, out, unit, students) for unit in units}
    excused = {name: frozenset(id for id, one in of.items() if one.excused) for name, of in own.items()}
    now = datetime.now(UTC)
    later = {
        name: frozenset(id for id, one in of.items() if one.due is not None and one.due > now)
        for name, of in own.items()
    }
    return Marks(
        units, students, every, by_unit, unentered, tuple(notes), frozenset(doubtful), excused, later, absent
    )


def _arranged(
    course: Course, out: Path, unit: Unit, students: Sequence[Student]
) -> Mapping[str, Arrangement]:
    arranged = arrangements.read(course.root, out, unit)
    return {one.id: arranged.of(one.id) for one in students}


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


def notes(graded: Marks) -> tuple[str, ...]:
    """What who asked for marks should know: what is left blank, what waits for a person, whose work is in doubt."""
    told = []
    for unit in graded.units:
        here = graded.entered[unit.name]
        blank = sorted(student for student, standing in here.items() if not standing.graded)
        unentered = sorted(graded.unentered[unit.name])
        if unentered:
            told.append(
                f"{unit.name}: graded and not in the gradebook yet, left blank: {few(unentered)}: run `autograder grade {unit.name}`"
            )
        if blank:
            told.append(f"{unit.name}: not graded yet, left blank: {few(blank)}")
        excused = graded.excused[unit.name]
        waiting = sum(
            one.needs_review and one.graded for student, one in here.items() if student not in excused
        )
        if excused:
            told.append(f"{unit.name}: excused, left blank: {few(sorted(excused))}")
        later = [
            one.id
            for one in graded.students
            if one.id in graded.later[unit.name] - excused and graded.standing(unit, one) is None
        ]
        if later and graded.absent == "zero":
            told.append(f"{unit.name}: not due yet and not handed in, left blank: {few(sorted(later))}")
        if waiting:
            told.append(
                f"{unit.name}: {waiting} of {len(here)} {agree(waiting, 'waits', 'wait')} for a person in formgrader: marks so far"
            )
    return (*told, *graded.notes)

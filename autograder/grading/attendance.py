"""Who handed in, who did not, and whom the roster does not have, for the unit that is graded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder import naming
from autograder.course import roster
from autograder.course.roster import Student
from autograder.errors import UnreadableError
from autograder.gradebook import results, unplaced
from autograder.grading import groups, notices
from autograder.naming import as_text
from autograder.notebook import collect as collecting
from autograder.notebook import notebooks, places
from autograder.notebook.collect import Collected
from autograder.notebook.places import HandedIn
from autograder.records import Unit, Unplaced
from autograder.words import clipped

if TYPE_CHECKING:
    from autograder.grading.planning import Order


def is_whole(order: Order, name: str) -> bool:
    """Whether what lies in `submitted/` under this name can be read as work for the unit."""
    try:
        if (order.submitted / name).is_dir():
            found = places.find(order.submitted, name, order.unit, order.course.units).handed_in
            if found is not None:
                there = [one for one in collecting.sheets(found, order.unit) if one.path is not None]
                for sheet in there:
                    notebooks.cells(sheet.raw)
            return found is not None
        notebooks.cells(
            notebooks.read_bytes(order.submitted / name, f"{places.names_of(order.unit)[0]}.ipynb")
        )
    except UnreadableError:
        return False
    return True


def collect(order: Order, only: Sequence[str] | None = None) -> Collected:
    """What is handed in; work of which no result can be kept is told apart."""
    together = teams(order)
    known = [*(student.id for student in on_roster(order)), *together]
    wanted = None if only is None else groups.expanded(together, only)
    collected = collecting.collect(order.submitted, order.unit, order.course.units, known=known, only=wanted)
    if together:
        collected = groups.shared(together, collected, order.unit, order.config)
    longest = results.longest(order.out)
    too_long = [one for one in collected.handed_in if naming.size(one.student) > longest]
    lost = [
        Unplaced(
            f"{clipped(as_text(one.student), 60)}/{order.unit.name}",
            f"the student's name has {naming.size(one.student)} bytes, and a result can be kept under {longest} at most: "
            "rename the folder",
            as_text(one.student),
            lost=True,
        )
        for one in too_long
    ]
    return replace(
        collected,
        handed_in=tuple(one for one in collected.handed_in if one not in too_long),
        unplaced=(*lost, *collected.unplaced),
    )


def asked(order: Order, collected: Collected, *, strict: bool = True) -> tuple[HandedIn, ...]:
    """What is handed in by the students that were asked for; CourseError, where `strict`, for one who is not there."""
    if order.shard is not None:
        collected = replace(collected, handed_in=order.shard.part(collected.handed_in, teams(order)))
    if not order.students:
        return collected.handed_in
    wanted = groups.members(teams(order), order.students)
    if strict:
        names = [*(one.student for one in collected.handed_in), *collected.without]
        chosen = set(collecting.choose(names, wanted, order.submitted))
        return tuple(one for one in collected.handed_in if one.student in chosen)
    meant = frozenset().union(*map(naming.readings, wanted))
    return tuple(one for one in collected.handed_in if naming.readings(one.student) & meant)


def missing(order: Order, collected: Collected) -> tuple[str, ...]:
    """Who is on the roster, or without one has a folder, and has no work for this unit, not even work to look at.

    Whose work was graded and is gone since has handed in.
    """
    found = {one.student for one in collected.unplaced} - {""}
    graded = results.students(order.out, order.unit.name)
    if order.course.roster is None:
        return tuple(
            student
            for student in collected.without
            if as_text(student) not in found and student not in graded
        )
    students = roster.read(order.course.roster)
    match = roster.match(students, [*(one.student for one in collected.handed_in), *graded])
    folders = roster.match(students, os.listdir(order.submitted)).folders
    return tuple(
        folders.get(student.id, student.id)
        for student in students
        if student.id not in match.folders
        and student.id not in match.doubtful
        and not {student.id, as_text(folders.get(student.id, ""))} & found
    )


def absent(order: Order, unit: Unit, graded: Sequence[str], everyone: Sequence[str]) -> tuple[str, ...]:
    """Who has handed in nothing for another unit than the one that is graded, of which nothing is collected now.

    `graded` are those who have a result in it, and `everyone` all who are known where there is no roster. Nobody is
    absent from a unit in which nobody's work is graded, nor whose work is there and not graded yet.
    """
    if not graded:
        return ()
    students = [student.id for student in on_roster(order)] if order.course.roster else everyone
    match = roster.match([Student(id) for id in students], graded)
    somebody = {one.student for one in unplaced.read(order.out, unit.name)}
    return tuple(
        id
        for id in students
        if id not in match.folders
        and id not in match.doubtful
        and as_text(id) not in somebody
        and not (order.submitted / id / unit.name).exists()
    )


def gone(order: Order, collected: Collected) -> tuple[str, ...]:
    """Says so where work that was graded is not there any more."""
    there = {one.student for one in collected.handed_in}
    seen = {one.student for one in collected.unplaced}
    graded = results.students(order.out, order.unit.name)
    lost = [one for one in graded if one not in there and as_text(one) not in seen]
    return notices.gone(order.submitted, lost)


def strangers(order: Order, collected: Collected) -> tuple[str, ...]:
    """Says so where work is of nobody on the roster."""
    if order.course.roster is None:
        return ()
    match = roster.match(
        roster.read(order.course.roster), [handed_in.student for handed_in in collected.handed_in]
    )
    return notices.strangers(order.course.roster, match)


def on_roster(order: Order) -> tuple[Student, ...]:
    """The students on the roster, spelt as their folders are."""
    if order.course.roster is None:
        return ()
    try:
        names = os.listdir(order.submitted)
    except OSError:  # said where work is looked for
        names = []
    return roster.spelt(roster.read(order.course.roster), names)


def teams(order: Order) -> dict[str, tuple[str, ...]]:
    """Who hands in together, by the group's name."""
    return groups.of_unit(order.unit, on_roster(order)) if order.unit.groups else {}


def off_roster(order: Order, names: Sequence[str]) -> dict[str, str]:
    """Of students with a result, those whom the roster does not have, and what is to be looked at."""
    if order.course.roster is None:
        return {}
    return notices.off_roster(roster.match(roster.read(order.course.roster), names))

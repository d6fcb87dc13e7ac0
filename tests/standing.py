"""Processes that grade, begun once in a run of tests and kept: to begin one takes longer than to grade a small class.

They are real ones, as `autograder grade` begins them, opened on the repository's own course. Work in any folder can be handed to
them as long as its course grades as that one does; where it does not, it is graded by processes of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from repository import REPOSITORY

from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.gradebook.results import ResultFile
from autograder.grading import batch, opening, planning, releases
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order, Plan
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.records import Course, Unit

_GROUNDS: dict[str, Processes] = {}
_GRADES_BY: dict[str, object] = {}


def plan(asked: Order) -> Plan:
    """What there is to do."""
    return planning.plan(replace(asked, ground=_ground(asked.unit.name)))


def grade(
    asked: Order, planned: Plan | None = None, progress: Callable[[ResultFile], None] = lambda _: None
) -> Outcome:
    """Does what was planned, or else what there is to do."""
    place = _ground(asked.unit.name)
    planned = plan(asked) if planned is None else planned
    if (
        planned.to_grade
        and _grades_by(asked.course, asked.unit, planned.version) != _GRADES_BY[asked.unit.name]
    ):
        return batch.grade(asked, planned, progress)
    return batch.grade(asked, planned, progress, Pool(place))


def close() -> None:
    """Ends them."""
    for place in _GROUNDS.values():
        place.close()
    _GROUNDS.clear()


def _ground(unit: str) -> Processes:
    if unit not in _GROUNDS:
        course = coursefile.load(REPOSITORY / "course.toml")
        version, _ = opening.made_by(course, course.unit(unit))
        _GRADES_BY[unit] = _grades_by(course, course.unit(unit), version)
        _GROUNDS[unit] = Processes(course, course.unit(unit), 1)
    return _GROUNDS[unit]


def _grades_by(course: Course, unit: Unit, version: str) -> object:
    """All that decides results, pages and what the gradebook takes from notebooks."""
    try:
        return version, unit.title, [one.digest for one in releases.read(course, unit)]
    except CourseError:  # as who writes the gradebook will say
        return None

"""Processes that grade, begun once in a run of tests and kept: to begin one takes longer than to grade a small class.

They are real ones, as `autograder grade` begins them, opened on the repository's own course. Work in any folder can be handed to
them as long as its course grades as that one does; where it does not, the processes that grade it stand until another course is
graded that does not either. So it is for the command in a test's own process, where `Lent` stands in the place of `Processes`.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from repository import REPOSITORY

from autograder.course import coursefile, secret
from autograder.errors import CourseError
from autograder.gradebook.results import ResultFile
from autograder.grading import batch, opening, planning, releases
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order, Plan
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.grading.station import Graded, Work
from autograder.records import Course, Level, Unit

_GROUNDS: dict[tuple[str, bytes], Processes] = {}  # of the repository's course, by unit and secret
_GRADES_BY: dict[tuple[str, bytes], object] = {}
_OTHER: list[tuple[object, Processes]] = []  # of another course; one at most


def plan(asked: Order) -> Plan:
    """What there is to do."""
    return planning.plan(replace(asked, ground=_ground(asked.unit.name, secret.load(asked.course))))


def grade(
    asked: Order, planned: Plan | None = None, progress: Callable[[ResultFile], None] = lambda _: None
) -> Outcome:
    """Does what was planned, or else what there is to do."""
    planned = plan(asked) if planned is None else planned
    place = _for(asked.course, asked.unit, planned.version) if planned.to_grade else None
    if place is None and planned.to_grade:
        return batch.grade(asked, planned, progress)
    return batch.grade(
        asked, planned, progress, Pool(place or _ground(asked.unit.name, secret.load(asked.course)))
    )


class Lent:
    """What `autograder grade` takes for processes of its own; see `pool.Place`."""

    most, ahead, all_fall = Processes.most, Processes.ahead, Processes.all_fall

    def __init__(
        self, course: Course, unit: Unit, jobs: int, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        self.unit = unit
        self._asked, self._meanwhile = (course, unit, jobs), meanwhile

    @functools.cached_property
    def _kept(self) -> Processes | None:
        """Those that stand and would give the same; None where there are none."""
        course, unit, _ = self._asked
        with contextlib.suppress(CourseError):  # as the command will say
            return _for(course, unit, opening.made_by(course, unit)[0])
        return None

    @functools.cached_property
    def _place(self) -> Processes:
        return self._kept or Processes(*self._asked)

    @property
    def width(self) -> int:
        return self._place.width

    @property
    def lost(self) -> type[Exception]:
        return self._place.lost

    def begin(self) -> None:
        self._place.begin()

    @property
    def level(self) -> Level:
        self.begin()
        self._meanwhile()
        return self._place.level

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        return self._place.submit(batch)

    def end(self) -> None:
        self._place.end()

    def close(self) -> None:
        if self._kept is None:
            self._place.close()


def close() -> None:
    """Ends them."""
    for place in (*_GROUNDS.values(), *(place for _, place in _OTHER)):
        place.close()
    _GROUNDS.clear()
    _OTHER.clear()


def _ground(unit: str, known: bytes) -> Processes:
    """Those that grade a unit of the repository's course with a secret."""
    if (unit, known) not in _GROUNDS:
        course = replace(coursefile.load(REPOSITORY / "course.toml"), passing_secret=known)
        version, _ = opening.made_by(course, course.unit(unit))
        _GRADES_BY[unit, known] = _grades_by(course, course.unit(unit), version)
        _GROUNDS[unit, known] = Processes(course, course.unit(unit), 1)
    return _GROUNDS[unit, known]


def _for(course: Course, unit: Unit, version: str) -> Processes | None:
    """Those that grade as a course would; None where none are kept for such a course."""
    grades_by = _grades_by(course, unit, version)
    if course.passing_secret or unit.adopted is not None or grades_by is None:
        return None
    known = secret.load(course)
    if unit.name in (one.name for one in coursefile.load(REPOSITORY / "course.toml").units):
        place = _ground(unit.name, known)
        if grades_by == _GRADES_BY[unit.name, known]:
            return place
    if not _OTHER or _OTHER[0][0] != (unit.name, grades_by):
        for _, place in _OTHER:
            place.close()
        _OTHER[:] = [((unit.name, grades_by), Processes(course, unit, 1))]
    return _OTHER[0][1]


def _grades_by(course: Course, unit: Unit, version: str) -> object:
    """All that decides results, pages and what the gradebook takes from notebooks."""
    try:
        return version, unit.title, [one.digest for one in releases.read(course, unit)]
    except CourseError:  # as who writes the gradebook will say
        return None

"""Processes that grade, begun once in a run of tests and kept: to begin one takes longer than to grade a small class.

They are real ones, as `autograder grade` begins them, opened on the repository's own course. Work in any folder can be handed to
them as long as its course grades as that one does; where it does not, it is graded by processes of its own. So it is for the
command in a test's own process, where `Lent` stands in the place of `Processes`.
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

_GROUNDS: dict[tuple[str, bytes], Processes] = {}  # by unit and secret
_GRADES_BY: dict[tuple[str, bytes], object] = {}


def plan(asked: Order) -> Plan:
    """What there is to do."""
    return planning.plan(replace(asked, ground=_ground(asked.unit.name, secret.load(asked.course))))


def grade(
    asked: Order, planned: Plan | None = None, progress: Callable[[ResultFile], None] = lambda _: None
) -> Outcome:
    """Does what was planned, or else what there is to do."""
    known = secret.load(asked.course)
    planned = plan(asked) if planned is None else planned
    if planned.to_grade and not _grades_alike(asked.course, asked.unit, planned.version, known):
        return batch.grade(asked, planned, progress)
    return batch.grade(asked, planned, progress, Pool(_ground(asked.unit.name, known)))


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
        if course.passing_secret or unit.adopted is not None:
            return None
        with contextlib.suppress(CourseError):  # as the command will say
            version, _ = opening.made_by(course, unit)
            known = secret.load(course)
            if _grades_alike(course, unit, version, known):
                return _ground(unit.name, known)
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
    for place in _GROUNDS.values():
        place.close()
    _GROUNDS.clear()


def _ground(unit: str, known: bytes) -> Processes:
    """Those that grade a unit with a secret."""
    if (unit, known) not in _GROUNDS:
        course = replace(coursefile.load(REPOSITORY / "course.toml"), passing_secret=known)
        version, _ = opening.made_by(course, course.unit(unit))
        _GRADES_BY[unit, known] = _grades_by(course, course.unit(unit), version)
        _GROUNDS[unit, known] = Processes(course, course.unit(unit), 1)
    return _GROUNDS[unit, known]


def _grades_alike(course: Course, unit: Unit, version: str, known: bytes) -> bool:
    """Whether the repository's course would give the same, with a secret."""
    if unit.name not in (one.name for one in coursefile.load(REPOSITORY / "course.toml").units):
        return False
    _ground(unit.name, known)
    return _grades_by(course, unit, version) == _GRADES_BY[unit.name, known]


def _grades_by(course: Course, unit: Unit, version: str) -> object:
    """All that decides results, pages and what the gradebook takes from notebooks."""
    try:
        return version, unit.title, [one.digest for one in releases.read(course, unit)]
    except CourseError:  # as who writes the gradebook will say
        return None

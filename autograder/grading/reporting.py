"""The pages and tables for instructors: the class page of the unit that is graded, and the course page over all units.

They are made of what results files, the gradebook, the roster and `submitted/` hold, and written where any of these has
changed since, or a due date has passed; else nothing is read, and no page is rendered.
"""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from autograder.course import coursefile, secret
from autograder.errors import AutograderError
from autograder.gradebook import address, arrangements, receipts, results, said, terms, unplaced
from autograder.gradebook.arrangements import Arrangements
from autograder.gradebook.database import FILE_NAME as GRADEBOOK
from autograder.grading import attendance, notices
from autograder.grading.keeping import write
from autograder.grading.planning import Order, Plan, work_of
from autograder.naming import as_text
from autograder.records import FunctionReport, Report, Unit

if TYPE_CHECKING:
    from autograder.gradebook.results import ResultFile
    from autograder.gradebook.standings import Standing
    from autograder.pages.classroom import ClassSummary
    from autograder.pages.people import People

_MOST_AHEAD: Final = 5000  # reports that are held meanwhile
_OF_UNIT: Final = ("html", "csv", "checks.csv", "misconceptions.csv")
_OF_COURSE: Final = ("html", "csv", "units.csv", "at-risk.csv", "misconceptions.csv")


def read_ahead(order: Order) -> dict[str, Report]:
    """The reports of a unit by student, for `write_pages`, read while the first grader starts; none of a large class."""
    names = results.students(order.out, order.unit.name)
    if len(names) > _MOST_AHEAD:
        return {}
    shared: dict[FunctionReport, FunctionReport] = {}
    return {
        student: _sharing(shared, _report(student, result, order.unit))
        for student, result in results.every(order.out, order.unit.name, names)
    }


def write_pages(order: Order, plan: Plan, ahead: Mapping[str, Report] = MappingProxyType({})) -> Path:
    """Writes the class page of the order's unit, the course page, and the tables beside them, where they are not up to date.

    Work that no result stands for is kept beside the results first. Whom the roster does not have is left out of the
    numbers, and told. `ahead` are reports of this unit, by student, that need not be read. Returns where the class page is.
    """
    try:
        unplaced.keep(order.out, order.unit.name, plan.unplaced)
    except OSError as error:
        raise AutograderError(f"{error.filename}: cannot be written ({error.strerror})") from None
    now = datetime.now(UTC)
    arranged = {
        unit.name: arrangements.read(order.course.root, order.out, unit) for unit in order.course.units
    }
    place = _place(order, order.unit.name, "html")
    of_unit = [_place(order, order.unit.name, ending) for ending in _OF_UNIT]
    of_course = [_place(order, coursefile.WHOLE, ending) for ending in _OF_COURSE]
    # Nobody says when a server's gradebook was changed.
    is_served = address.of(order.out / GRADEBOOK) is not None
    is_unit_old = is_served or _is_old(
        of_unit, _sources_of_unit(order, plan), [arranged[order.unit.name]], now
    )
    if is_unit_old or _is_old(of_course, _sources_of_course(order), arranged.values(), now):
        _write(_Gathering(order, plan, now, ahead), of_unit if is_unit_old else [], of_course)
    return place


def _place(order: Order, name: str, ending: str) -> Path:
    return order.out / "report" / f"{name}.{ending}"


def _sources_of_course(order: Order) -> list[Path]:
    root = order.course.root
    return [
        *(order.out / "results" / unit.name for unit in order.course.units),
        *(root / name for name in (coursefile.FILE_NAME, arrangements.FILE_NAME)),
        *([order.course.roster] if order.course.roster is not None else []),
        order.config,
        order.out / GRADEBOOK,
    ]


def _sources_of_unit(order: Order, plan: Plan) -> list[Path]:
    others = [order.out / "results" / unit.name for unit in order.course.units if unit != order.unit]
    return [
        *(source for source in _sources_of_course(order) if source not in others),
        order.submitted,
        order.course.root / said.FILE_NAME,
        # What receipts say is told too; of whom nothing has changed since the last run, nothing of that has.
        *(
            place
            for student, one in plan.where.items()
            if plan.looked_at is None or student in plan.looked_at
            for place in (one.folder, one.folder / receipts.TIMESTAMP)
        ),
    ]


def _is_old(
    pages: Sequence[Path], sources: Iterable[Path], arranged: Iterable[Arrangements], now: datetime
) -> bool:
    """Whether any of the pages is not there, or older than a source or a due date that has passed."""
    written = min(map(_changed, pages))
    if written <= max(map(_changed, sources)):
        return True
    at = datetime.fromtimestamp(written / 1e9, UTC)
    dates = [due for unit in arranged for due in (unit.due, *(one.due for one in unit.of_students.values()))]
    return any(due is not None and at < due <= now for due in dates)


def _changed(path: Path) -> int:
    """When a file, or what is in a folder, changed; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@dataclass(frozen=True)
class _Gathering:
    """From what the pages of one run are made."""

    order: Order
    plan: Plan
    now: datetime
    ahead: Mapping[str, Report]

    @property
    def names(self) -> dict[str, list[str]]:
        """Who has a result, by unit."""
        return {unit.name: results.students(self.order.out, unit.name) for unit in self.order.course.units}


def _write(gathered: _Gathering, of_unit: Sequence[Path], of_course: Sequence[Path]) -> None:
    """Writes pages and tables; where the gradebook cannot be read, pages say what results do, and tables stay."""
    from autograder.gradebook import sheets
    from autograder.pages import classroom, overview, spreadsheets

    order = gathered.order
    people = _people(order)
    names = gathered.names
    everyone = [*dict.fromkeys([*gathered.plan.missing, *(one for found in names.values() for one in found)])]
    summaries, is_whole = [], True
    for unit in order.course.units:
        standings = _standings(order, unit) if names[unit.name] else {}
        is_whole = is_whole and standings is not None
        summaries.append(_summary(gathered, unit, people, names[unit.name], everyone, standings or {}))
    course = overview.overview(order.course.title, people, summaries, gathered.now)
    files: list[tuple[Path, bytes]] = []
    if of_unit:
        own = next(summary for summary in summaries if summary.unit == order.unit.name)
        tables = (spreadsheets.students, spreadsheets.checks, spreadsheets.misconceptions)
        files += zip(
            of_unit,
            [_page(classroom.class_page(own)), *(sheets.as_csv(table(own)) for table in tables)],
            strict=True,
        )
    tables_of_course = (
        spreadsheets.course_students,
        spreadsheets.course_units,
        spreadsheets.at_risk,
        spreadsheets.course_misconceptions,
    )
    files += zip(
        of_course,
        [_page(overview.course_page(course)), *(sheets.as_csv(table(course)) for table in tables_of_course)],
        strict=True,
    )
    if of_unit:
        _write_students(order, order.unit.name, classroom.students_pages(own))
    _write_students(order, coursefile.WHOLE, overview.students_pages(course))
    kept = [(place, content) for place, content in files if is_whole or place.suffix == ".html"]
    write(kept)
    for place, _ in () if is_whole else kept:
        os.utime(place, (0, 0))  # it is not up to date, and the next run writes it again


def _write_students(order: Order, name: str, pages: Iterable[str]) -> None:
    """Writes the pages of the students of a large class, some at a time, and takes away those that are left of a larger one."""
    number = 0
    for number, page in enumerate(pages, 1):
        write([(_place(order, name, f"students-{number}.html"), _page(page))])
    for left in (order.out / "report").glob(f"{glob.escape(name)}.students-*.html"):
        ending = left.name.removeprefix(f"{name}.students-").removesuffix(".html")
        if ending.isdecimal() and int(ending) > number:
            left.unlink(missing_ok=True)


def _report(student: str, result: ResultFile, unit: Unit) -> Report:
    """The report in a student's result file, whose name is the file's."""
    return results.report_of(msgspec.structs.replace(result, student=student), unit.title)


def _sharing(shared: dict[FunctionReport, FunctionReport], report: Report) -> Report:
    """The report, of whose functions those are kept once that say the same of many students: a class takes a tenth of the memory."""
    functions = tuple(shared.setdefault(function, function) for function in report.functions)
    return replace(report, functions=functions)


def _page(html: str) -> bytes:
    return html.encode("utf-8", "replace")


def _people(order: Order) -> People:
    """Everybody on the roster, by names of their own or by others."""
    from autograder.pages.people import people

    key = secret.load(order.course) if order.course.names == "hidden" else None
    return people(attendance.on_roster(order), key)


def _standings(order: Order, unit: Unit) -> Mapping[str, Standing] | None:
    """What the gradebook has of a unit; None where it cannot be read, which is told where it is written."""
    from autograder.gradebook import standings

    try:
        return standings.read(order.out, unit.name, by_hand=unit.by_hand)
    except AutograderError:
        return None


def _summary(
    gathered: _Gathering,
    unit: Unit,
    people: People,
    names: Sequence[str],
    everyone: Sequence[str],
    standings: Mapping[str, Standing],
) -> ClassSummary:
    """One unit of the course; of the one that is graded, with what there is to look at."""
    from autograder.pages.accounts import accounts
    from autograder.pages.classroom import summarise

    order, plan = gathered.order, gathered.plan
    is_graded_now = unit.name == order.unit.name
    strangers = attendance.off_roster(order, names)
    missing = plan.missing if is_graded_now else attendance.absent(order, unit, names, everyone)
    shared: dict[FunctionReport, FunctionReport] = {}
    ahead = gathered.ahead if is_graded_now else {}
    others = [name for name in names if name not in strangers and name not in ahead]
    kept = itertools.chain(
        (ahead[name] for name in names if name in ahead and name not in strangers),
        (
            _sharing(shared, _report(student, result, unit))
            for student, result in results.every(order.out, unit.name, others)
        ),
    )
    here = [work_of(order, plan, student) for student in names] if is_graded_now else []
    aside = [
        *((one.where, one.why) for one in plan.unplaced),
        *((as_text(name), why) for name, why in strangers.items()),
    ]
    return summarise(
        unit,
        kept,
        missing,
        notices.unread_receipts(here, order.config),
        aside if is_graded_now else (),
        notices.doubtful_receipts(here, unit.due, order.config),
        said.read(order.course.root, unit.name),
        people=people,
        accounts=accounts(standings, terms.read(order.course, order.out, unit), [*names, *missing]),
        now=gathered.now,
    )

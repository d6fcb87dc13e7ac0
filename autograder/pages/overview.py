"""The course over all its units: how it goes, and how each student goes through it, as data for the course page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Final, Literal, TypeAlias

import numpy as np

from autograder.pages import progress, risk
from autograder.pages.classroom import A_PAGE, A_TABLE, MOST_NAMES, ClassSummary, StudentLine, sheets
from autograder.pages.items import CheckStatistic
from autograder.pages.people import People
from autograder.pages.progress import Progress
from autograder.pages.rendering import render, render_sheets
from autograder.pages.risk import AtRisk

# A course page shows this much of each, and the files beside it hold all.
MOST_FAMILIES: Final = 12
MOST_CHECKS: Final = 30
BARS: Final = 10  # of the points of a unit, each a tenth

State: TypeAlias = Literal["mark", "missing", "excused", "later", "not-graded", ""]


@dataclass(frozen=True)
class Place:
    """One student in one unit."""

    state: State  # "": not among those of whom anything is known here
    total: float | None = None
    out_of: float = 0.0  # the points that could be had so far: without what waits for a person
    late: timedelta = timedelta()
    waiting: bool = False  # for a person

    @property
    def share(self) -> float | None:
        """The mark as a share of the points; None where there is none."""
        return None if self.total is None or not self.out_of else self.total / self.out_of

    @property
    def words(self) -> str:
        """How the student stands there besides the mark, in words that stand alone."""
        if self.state != "mark":
            return {"later": "not due", "not-graded": "not graded"}.get(self.state, self.state)
        return " ".join([*(["late"] if self.late else []), *(["waiting"] if self.waiting else [])])


@dataclass(frozen=True)
class CourseLine:
    """One student through the course."""

    student: str
    places: tuple[Place, ...]  # in the units' order
    total: float  # of the units that count for this student
    max_score: float  # of those

    @property
    def share(self) -> float:
        """The points so far as a share of those that could be had."""
        return self.total / self.max_score if self.max_score else 0.0


@dataclass(frozen=True)
class Trend:
    """How one unit went."""

    unit: str
    title: str
    max_score: float
    counts: bool  # it was due, or half of the class has handed in
    handed_in: int
    missing: int
    excused: int
    late: int
    waiting: int
    mean: float | None  # as a share of the points
    median: float | None
    bars: tuple[int, ...]  # students by tenths of the points


@dataclass(frozen=True)
class Overview:
    """Everything the course page shows."""

    title: str
    people: People
    units: tuple[ClassSummary, ...]  # in teaching order, as far as anybody's work was graded
    trends: tuple[Trend, ...]
    lines: tuple[CourseLine, ...]
    at_risk: tuple[AtRisk, ...]
    progress: tuple[Progress, ...]

    @cached_property
    def waiting(self) -> int:
        """How many submissions wait for a person."""
        return sum(trend.waiting for trend in self.trends)

    @cached_property
    def odd_count(self) -> int:
        """How many checks tell nothing, or the wrong thing."""
        return sum(bool(check.word) for unit in self.units for check in unit.checks)

    def odd(self, most: int) -> list[tuple[ClassSummary, list[CheckStatistic]]]:
        """The first of these checks, by unit."""
        found = [(unit, check) for unit in self.units for check in unit.checks if check.word][:most]
        grouped = groupby(found, lambda one: one[0].unit)
        return [((own := list(group))[0][0], [check for _, check in own]) for _, group in grouped]

    def last(self, student: str) -> str:
        """The last unit that a student has handed in; empty where there is none."""
        return next((unit.unit for unit in reversed(self.units) if student in unit.by_student), "")

    def sheets(self) -> Sequence[Sequence[tuple[str, Sequence[CourseLine]]]]:
        """These tables by the pages on which they stand: one, which is the course page, or several."""
        return sheets(self.tables())

    def tables(self) -> Iterator[tuple[str, Sequence[CourseLine]]]:
        """The lines of all students, section by section, as many as one table holds."""
        of = self.people.section if self.people.sections else lambda _: ""
        lines = sorted(self.lines, key=lambda line: of(line.student))
        for name, own in groupby(lines, lambda line: of(line.student)):
            of_section = list(own)
            for start in range(0, len(of_section), A_TABLE):
                yield name, of_section[start : start + A_TABLE]


def overview(title: str, people: People, summaries: Sequence[ClassSummary], now: datetime) -> Overview:
    """What the units together say; those of which nobody's work is graded are left out."""
    units = tuple(summary for summary in summaries if summary.students)
    students = people.sorted(
        {
            *people.roster,
            *(student for unit in units for student in (*unit.by_student, *unit.arranged)),
        }
    )
    trends = tuple(_trend(unit, len(students), now) for unit in units)
    lines = tuple(_line(student, units, trends) for student in students)
    return Overview(
        title,
        people,
        units,
        trends,
        lines,
        risk.at_risk(lines, units, trends),
        progress.progress(units),
    )


def course_page(course: Overview) -> str:
    """The course page, as HTML; it lies beside the class pages and links to them."""
    return render(
        "course.html",
        course=course,
        people=course.people,
        most_names=MOST_NAMES,
        most_families=MOST_FAMILIES,
        most_checks=MOST_CHECKS,
        a_table=A_TABLE,
        a_page=A_PAGE,
        rules=risk,
    )


def students_pages(course: Overview) -> Iterator[str]:
    """The pages of the students of a course that has too many for one, as HTML; they are drawn one by one."""
    return render_sheets("course_students.html", course.sheets(), course=course, people=course.people)


def _trend(unit: ClassSummary, students: int, now: datetime) -> Trend:
    places = (_place(line.student, unit) for line in unit.students)
    shares = np.array([place.share for place in places if place.share is not None])
    counts, _ = np.histogram(np.clip(shares, 0, 1), np.linspace(0, 1, BARS + 1))
    return Trend(
        unit=unit.unit,
        title=unit.title,
        max_score=unit.max_score,
        counts=unit.handed_in * 2 >= students if unit.due is None else unit.due <= now,
        handed_in=unit.handed_in,
        missing=len(unit.missing),
        excused=len(unit.excused),
        late=len(unit.late),
        waiting=len(unit.waiting),
        mean=float(shares.mean()) if shares.size else None,
        median=float(np.median(shares)) if shares.size else None,
        bars=tuple(int(count) for count in counts),
    )


def _line(student: str, units: Sequence[ClassSummary], trends: Sequence[Trend]) -> CourseLine:
    places = tuple(_place(student, unit) for unit in units)
    counting = [
        (place, trend)
        for place, trend in zip(places, trends, strict=True)
        if place.state == "mark" or (place.state == "missing" and trend.counts)
    ]
    return CourseLine(
        student,
        places,
        sum(place.total or 0.0 for place, _ in counting),
        sum(place.out_of or trend.max_score for place, trend in counting),
    )


def _place(student: str, unit: ClassSummary) -> Place:
    line: StudentLine | None = unit.by_student.get(student)
    if line is None:
        known = student in unit.arranged
        account = unit.arranged.get(student)
        if account is not None and account.excused:
            return Place("excused")
        return Place("later" if student in unit.not_yet else "missing" if known else "")
    own = line.account
    if own.excused:
        return Place("excused")
    if line.total is None:
        return Place("not-graded", late=own.late)
    return Place("mark", line.total, unit.max_score - own.unmarked, own.late, bool(own.waiting))

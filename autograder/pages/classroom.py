"""A class at a glance: what the results and marks of one unit say together, as data for the class page.

It reads what results files, the gradebook and the roster hold, so that the page can be written from them at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import groupby
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from autograder.gradebook import clusters
from autograder.gradebook.clusters import Cluster
from autograder.pages import items, mistakes
from autograder.pages.accounts import NO_ACCOUNT, NO_ACCOUNTS, Account, Accounts
from autograder.pages.items import FEWEST, NEARLY, CheckStatistic, Doubt, FunctionStatistic
from autograder.pages.mistakes import UNTOUCHED, MisconceptionStatistic
from autograder.pages.people import NO_ROSTER, People
from autograder.pages.rendering import render, render_sheets
from autograder.records import FunctionReport, Report, Status, Unit

_Line = TypeVar("_Line")

MOST_BARS = 10
MOST_NAMES = 100  # of the students who share a misconception
A_PAGE = 2000  # students: those of a larger class stand on pages of their own, beside the class page
A_TABLE = 500  # students: browsers lay out several tables, and only those in view, faster than a long one


@dataclass(frozen=True)
class Bar:
    """One bar of the distribution of marks."""

    low: float
    high: float  # belongs to the bar only in the last one
    count: int


@dataclass(frozen=True)
class StudentLine:
    """One student's line in the table."""

    student: str
    status: Status
    score: float | None  # by machine
    scores: tuple[float | None, ...]  # by function, in the unit's order; None where not graded
    carried: tuple[bool, ...]
    diagnoses: tuple[str, ...]  # ids
    account: Account = NO_ACCOUNT

    @property
    def total(self) -> float | None:
        """The marks that count; the machine's where the gradebook does not know the student."""
        return self.account.total if self.account.max_score else self.score


@dataclass(frozen=True)
class SectionStatistic:
    """How one section of the class stands."""

    name: str
    handed_in: int
    missing: int
    late: int
    waiting: int  # submissions that wait for a person
    mean: float | None
    median: float | None


@dataclass(frozen=True)
class ClassSummary:
    """Everything the class page shows."""

    unit: str
    title: str
    people: People
    max_score: float  # of what counts, marks by hand included
    handed_in: int
    graded: int  # handed in, with a mark, and not excused: the base of mean, median and bars
    diagnosed: int  # graded function by function: the base of every share
    due: datetime | None  # for whom nothing is arranged
    asked_by_hand: float  # points that a person gives
    missing: tuple[str, ...]  # handed in nothing, though it was due
    later: tuple[str, ...]  # handed in nothing, and it is not due yet for them
    excused: tuple[str, ...]
    not_graded: tuple[str, ...]  # our own failure
    left_out: tuple[tuple[str, str], ...]  # students with a cell that hung or ended Python, and a line on it
    flags: tuple[
        tuple[str, str], ...
    ]  # students who may have meant another notebook, or time, and a line on it
    aside: tuple[tuple[str, str], ...]  # work that is in none of these numbers, and a line on it
    broken: tuple[tuple[Status, int], ...]  # how many got no mark for another reason, by status
    mean: float | None
    median: float | None
    machine: float | None  # mean of what the machine gave
    full: int  # students with full marks
    bars: tuple[Bar, ...]
    functions: tuple[FunctionStatistic, ...]
    checks: tuple[CheckStatistic, ...]
    doubts: tuple[Doubt, ...]  # functions whose handout may be broken
    misconceptions: tuple[MisconceptionStatistic, ...]  # most common first, what is not written yet last
    students: tuple[StudentLine, ...]
    sections: tuple[SectionStatistic, ...]
    clusters: tuple[Cluster, ...]  # of unexplained results, most frequent first
    said: Mapping[str, str]  # by cluster, what is said to its students
    arranged: Mapping[str, Account]  # of whom nothing is handed in
    zone: tzinfo  # in which times are read
    policy: str  # what late work costs, in a sentence without its full stop; "" where that is not known
    adopted: bool  # an assignment that nbgrader made: its functions are test cells

    @cached_property
    def by_student(self) -> Mapping[str, StudentLine]:
        """The lines by student."""
        return {line.student: line for line in self.students}

    @cached_property
    def not_yet(self) -> frozenset[str]:
        """Those whose work is not due yet."""
        return frozenset(self.later)

    @cached_property
    def shared(self) -> tuple[MisconceptionStatistic, ...]:
        """The mistakes that two or more make: what to teach again."""
        return tuple(one for one in self.misconceptions if one.count > 1 and one.id not in UNTOUCHED)

    @cached_property
    def untouched(self) -> tuple[tuple[str, int], ...]:
        """Functions that students have left as they came, and how many."""
        counts = Counter[str]()
        for one in self.misconceptions:
            if one.id in UNTOUCHED:
                counts[one.function] += one.count
        order = [function.name for function in self.functions]
        return tuple((name, counts[name]) for name in order if counts[name])

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """Whose work waits for a person."""
        return tuple(line.student for line in self.students if line.account.waiting)

    @cached_property
    def waiting_for(self) -> tuple[tuple[str, int], ...]:
        """The cells that wait for a person, and how many of each."""
        return tuple(Counter(cell for line in self.students for cell in line.account.waiting).items())

    @cached_property
    def late(self) -> tuple[StudentLine, ...]:
        """Whose work was late, latest first."""
        late = (line for line in self.students if line.account.is_late)
        return tuple(sorted(late, key=lambda line: line.account.late, reverse=True))

    @cached_property
    def overridden(self) -> tuple[StudentLine, ...]:
        """Of whom a person has changed a mark of the machine, or given extra credit."""
        return tuple(line for line in self.students if line.account.overrides or line.account.extra)

    @cached_property
    def carries(self) -> bool:
        """Whether anybody's marks were carried forward."""
        return any(function.carried for function in self.functions)

    @cached_property
    def is_more_than_machine(self) -> bool:
        """Whether what counts is more, or less, than what the machine gave."""
        return bool(self.asked_by_hand) or any(
            line.account.penalty or line.account.overrides or line.account.extra for line in self.students
        )

    def sheets(self) -> Sequence[Sequence[tuple[str, Sequence[StudentLine]]]]:
        """These tables by the pages on which they stand: one, which is the class page, or several."""
        return sheets(self.tables())

    def tables(self) -> Iterator[tuple[str, Sequence[StudentLine]]]:
        """The lines of all students, section by section, as many as one table holds."""
        of = self.people.section if self.people.sections else lambda _: ""
        for name, lines in groupby(
            sorted(self.students, key=lambda line: of(line.student)), lambda line: of(line.student)
        ):
            of_section = list(lines)
            for start in range(0, len(of_section), A_TABLE):
                yield name, of_section[start : start + A_TABLE]


def summarise(
    unit: Unit,
    reports: Iterable[Report],
    missing: Sequence[str],
    receipts: Mapping[str, str] = MappingProxyType({}),
    aside: Sequence[tuple[str, str]] = (),
    doubts: Mapping[str, str] = MappingProxyType({}),
    said: Mapping[str, str] = MappingProxyType({}),
    *,
    people: People = NO_ROSTER,
    accounts: Accounts = NO_ACCOUNTS,
    now: datetime | None = None,
) -> ClassSummary:
    """What the reports of one unit say together, with what counts of it in the gradebook.

    `missing` are the students who handed in nothing; `receipts` says, by student, why one cannot be read, and
    `doubts` why it does not say whether work is late; `aside` is work, or students, left out of `reports`, with the reason; `said` what an
    instructor says, by cluster. Whose work is due after `now`, which has a zone, is not missing yet.
    """
    by_name = sorted(reports, key=lambda report: people.order(report.student))
    lines = tuple(_line(unit, report, accounts) for report in by_name)
    max_score = accounts.max_score or unit.points
    counting = [line for line in lines if not line.account.excused]
    scores = _scores(counting)
    absent = {student: accounts.of(student) for student in people.sorted(missing)}
    later = {
        student
        for student, one in absent.items()
        if not one.excused and one.due is not None and now is not None and now < one.due
    }
    gone = tuple(student for student, one in absent.items() if not one.excused and student not in later)
    machine = [report.score for report in by_name if report.score is not None]
    return ClassSummary(
        unit=unit.name,
        title=unit.title,
        people=people,
        max_score=max_score,
        handed_in=len(by_name),
        graded=len(scores),
        diagnosed=sum(bool(report.functions) and report.score is not None for report in by_name),
        due=accounts.due,
        asked_by_hand=accounts.asked_by_hand,
        missing=gone,
        later=tuple(student for student in absent if student in later),
        excused=people.sorted(
            student
            for student, one in [*absent.items(), *((line.student, line.account) for line in lines)]
            if one.excused
        ),
        not_graded=tuple(report.student for report in by_name if report.status == "not-graded"),
        left_out=tuple(
            (report.student, report.left_out[0])
            for report in by_name
            if report.left_out and report.status == "graded"
        ),
        flags=tuple(
            (report.student, line)
            for report in by_name
            for line in _flags(report, receipts.get(report.student), doubts.get(report.student))
        ),
        aside=tuple(aside),
        broken=_broken(by_name),
        mean=float(scores.mean()) if scores.size else None,
        median=float(np.median(scores)) if scores.size else None,
        machine=sum(machine) / len(machine) if machine else None,
        full=int(np.sum(scores >= max_score - NEARLY)),
        bars=_bars(scores, max_score),
        functions=items.functions(unit, by_name),
        checks=items.checks(unit, by_name),
        doubts=items.doubts(unit, by_name),
        misconceptions=mistakes.found(by_name),
        students=lines,
        sections=_sections(people, lines, gone),
        clusters=clusters.found(by_name),
        said=said,
        arranged=absent,
        zone=accounts.zone,
        policy=accounts.policy,
        adopted=unit.adopted is not None,
    )


def class_page(summary: ClassSummary) -> str:
    """The class page of one unit, as HTML; it links to the feedback pages beside it."""
    return render(
        "class.html",
        summary=summary,
        people=summary.people,
        most_names=MOST_NAMES,
        a_table=A_TABLE,
        a_page=A_PAGE,
        fewest=FEWEST,
    )


def students_pages(summary: ClassSummary) -> Iterator[str]:
    """The pages of the students of a class that is too large for one, as HTML; they are drawn one by one."""
    return render_sheets("class_students.html", summary.sheets(), summary=summary, people=summary.people)


def sheets(tables: Iterable[tuple[str, Sequence[_Line]]]) -> list[list[tuple[str, Sequence[_Line]]]]:
    """Tables of students by the pages on which they stand, as many on each as it holds; one at least."""
    found: list[list[tuple[str, Sequence[_Line]]]] = [[]]
    for name, lines in tables:
        if sum(len(own) for _, own in found[-1]) + len(lines) > A_PAGE:
            found.append([])
        found[-1].append((name, lines))
    return found


def _scores(lines: Iterable[StudentLine]) -> npt.NDArray[np.float64]:
    return np.array([line.total for line in lines if line.total is not None], dtype=float)


def _sections(
    people: People, lines: Sequence[StudentLine], missing: Sequence[str]
) -> tuple[SectionStatistic, ...]:
    """How each section stands; none where there is one alone."""
    by_section: dict[str, list[StudentLine]] = {name: [] for name in people.sections}
    for line in lines if by_section else ():
        by_section.setdefault(people.section(line.student), []).append(line)
    gone = Counter(map(people.section, missing))
    statistics = []
    for name, own in by_section.items():
        scores = _scores(line for line in own if not line.account.excused)
        statistics.append(
            SectionStatistic(
                name=name,
                handed_in=len(own),
                missing=gone[name],
                late=sum(line.account.is_late for line in own),
                waiting=sum(bool(line.account.waiting) for line in own),
                mean=float(scores.mean()) if scores.size else None,
                median=float(np.median(scores)) if scores.size else None,
            )
        )
    return tuple(statistics)


def _flags(report: Report, receipt: str | None, doubt: str | None) -> tuple[str, ...]:
    lines = list(report.flags)
    if receipt is not None:
        lines.append(
            f"The receipt (timestamp.txt) cannot be read, and the work counts as on time: {receipt}."
        )
    if doubt is not None:
        lines.append(f"The receipt (timestamp.txt) {doubt}.")
    return tuple(lines)


def _broken(reports: Sequence[Report]) -> tuple[tuple[Status, int], ...]:
    statuses: tuple[Status, ...] = ("unreadable", "timeout", "out-of-memory", "crashed")
    counts = [(status, sum(report.status == status for report in reports)) for status in statuses]
    return tuple((status, count) for status, count in counts if count)


def _bars(scores: npt.NDArray[np.float64], max_score: float) -> tuple[Bar, ...]:
    """Bars of one round width, ten at most, from 0 to the marks that can be had."""
    if max_score <= 0:
        return ()
    width = next(
        width for width in (0.25, 0.5, 1, 2, 5, 10, 20, 50, max_score) if max_score / width <= MOST_BARS
    )
    edges = [*np.arange(0, max_score - NEARLY, width), max_score]
    counts, _ = np.histogram(np.clip(scores, 0, max_score), edges)
    return tuple(
        Bar(float(low), float(high), int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )


def _of(report: Report, name: str) -> FunctionReport | None:
    """The report of one function, where it was graded."""
    if report.score is None:
        return None
    return next((function for function in report.functions if function.name == name), None)


def _line(unit: Unit, report: Report, accounts: Accounts) -> StudentLine:
    functions = [_of(report, function.name) for function in unit.functions]
    return StudentLine(
        student=report.student,
        status=report.status,
        score=report.score,
        scores=tuple(function.score if function else None for function in functions),
        carried=tuple(bool(function and function.carried_forward) for function in functions),
        diagnoses=tuple(
            dict.fromkeys(diagnosis.id for function in report.functions for diagnosis in function.diagnoses)
        ),
        account=accounts.of(report.student),
    )

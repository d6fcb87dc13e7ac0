"""A class at a glance: what the results of one unit say together, as data for the class page.

It reads what results files hold, so that the page can be written from them alone, at any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from autograder import hints
from autograder.gradebook import clusters
from autograder.gradebook.clusters import Cluster
from autograder.pages.rendering import render
from autograder.records import FunctionReport, Report, Status, Unit

FEWEST = 10  # students below which discrimination says nothing
MOST_BARS = 10
MOST_NAMES = 100  # of the students who share a misconception
A_TABLE = 500  # students: browsers lay out several tables, and only those in view, faster than a long one
# One id stands for whatever differs; only the words say which.
_ONE_ID = frozenset({"general.changed-step", "general.one-edit"})
NEARLY = 1e-9  # sums of points are floats


@dataclass(frozen=True)
class Bar:
    """One bar of the distribution of marks."""

    low: float
    high: float  # belongs to the bar only in the last one
    count: int


@dataclass(frozen=True)
class FunctionStatistic:
    """How one function went, over the students for whom it was graded."""

    name: str
    max_score: float
    taken: int  # students for whom it was graded
    mean: float  # score; 0 where nobody was graded
    full: int  # students with full marks
    none: int  # students without any
    carried: tuple[str, ...]  # students who earned their marks with a right function standing in

    @property
    def share(self) -> float:
        """The mean score as a share of the points."""
        return self.mean / self.max_score if self.max_score else 0.0


@dataclass(frozen=True)
class CheckStatistic:
    """One check, as classical test theory sees an item."""

    function: str
    name: str
    points: float
    taken: int
    passed: int
    discrimination: float | None  # item-rest point-biserial correlation; None where it cannot be known

    @property
    def share(self) -> float:
        """The share of students who pass: the item's difficulty index."""
        return self.passed / self.taken if self.taken else 0.0


@dataclass(frozen=True)
class MisconceptionStatistic:
    """One diagnosis of one function, and who has it."""

    function: str
    id: str
    title: str
    read: str  # what to read again, empty where the results do not say
    students: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many students have it."""
        return len(self.students)


@dataclass(frozen=True)
class StudentLine:
    """One student's line in the table."""

    student: str
    status: Status
    score: float | None
    scores: tuple[float | None, ...]  # by function, in the unit's order; None where not graded
    carried: tuple[bool, ...]
    diagnoses: tuple[str, ...]  # ids


@dataclass(frozen=True)
class ClassSummary:
    """Everything the class page shows."""

    unit: str
    title: str
    max_score: float
    handed_in: int
    graded: int  # handed in, with a mark
    diagnosed: int  # graded function by function: the base of every share
    missing: tuple[str, ...]
    not_graded: tuple[str, ...]  # our own failure
    left_out: tuple[tuple[str, str], ...]  # students with a cell that hung or ended Python, and a line on it
    flags: tuple[
        tuple[str, str], ...
    ]  # students who may have meant another notebook, or time, and a line on it
    aside: tuple[tuple[str, str], ...]  # work that is in none of these numbers, and a line on it
    broken: tuple[tuple[Status, int], ...]  # how many got no mark for another reason, by status
    mean: float | None
    median: float | None
    full: int  # students with full marks
    bars: tuple[Bar, ...]
    functions: tuple[FunctionStatistic, ...]
    checks: tuple[CheckStatistic, ...]
    misconceptions: tuple[MisconceptionStatistic, ...]  # most common first
    students: tuple[StudentLine, ...]
    clusters: tuple[Cluster, ...]  # of unexplained results, most frequent first
    said: Mapping[str, str]  # by cluster, what is said to its students


def summarise(
    unit: Unit,
    reports: Iterable[Report],
    missing: Sequence[str],
    receipts: Mapping[str, str] = MappingProxyType({}),
    aside: Sequence[tuple[str, str]] = (),
    doubts: Mapping[str, str] = MappingProxyType({}),
    said: Mapping[str, str] = MappingProxyType({}),
) -> ClassSummary:
    """What the reports of one unit say together.

    `missing` are the students who handed in nothing; `receipts` says, by student, why one cannot be read, and
    `doubts` why it does not say whether work is late; `aside` is work, or students, left out of `reports`, with the reason; `said` what an
    instructor says, by cluster.
    """
    by_name = sorted(reports, key=lambda report: _order(report.student))
    scores = np.array([report.score for report in by_name if report.score is not None], dtype=float)
    return ClassSummary(
        unit=unit.name,
        title=unit.title,
        max_score=unit.points,
        handed_in=len(by_name),
        graded=len(scores),
        diagnosed=sum(bool(report.functions) and report.score is not None for report in by_name),
        missing=tuple(sorted(missing, key=_order)),
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
        full=int(np.sum(scores >= unit.points - NEARLY)),
        bars=_bars(scores, unit.points),
        functions=tuple(_function(function.name, function.points, by_name) for function in unit.functions),
        checks=_checks(unit, by_name),
        misconceptions=_misconceptions(by_name),
        students=tuple(_line(unit, report) for report in by_name),
        clusters=clusters.found(by_name),
        said=said,
    )


def class_page(summary: ClassSummary) -> str:
    """The class page of one unit, as HTML; it links to the feedback pages beside it."""
    return render("class.html", summary=summary, most_names=MOST_NAMES, a_table=A_TABLE, fewest=FEWEST)


def _order(student: str) -> tuple[str, str]:
    return student.casefold(), student


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


def _function(name: str, max_score: float, reports: Sequence[Report]) -> FunctionStatistic:
    found = [(report.student, function) for report in reports if (function := _of(report, name)) is not None]
    scores = [function.score for _, function in found]
    return FunctionStatistic(
        name=name,
        max_score=max_score,
        taken=len(found),
        mean=sum(scores) / len(scores) if scores else 0.0,
        full=sum(score >= max_score - NEARLY for score in scores),
        none=sum(score <= 0 for score in scores),
        carried=tuple(student for student, function in found if function.carried_forward),
    )


def _checks(unit: Unit, reports: Sequence[Report]) -> tuple[CheckStatistic, ...]:
    """Each check's difficulty and discrimination, in the order in which they are graded."""
    columns: dict[tuple[str, str], int] = {}
    points: list[float] = []
    found: list[tuple[int, int, bool]] = []  # student, check, passed
    for i, report in enumerate(reports):
        for function in report.functions if report.score is not None else ():
            for check in function.checks:
                key = function.name, check.name
                if key not in columns:
                    columns[key] = len(columns)
                    points.append(check.points)
                found.append((i, columns[key], check.passed))
    if not found:
        return ()
    passed = np.full((len(reports), len(columns)), np.nan)
    student, column, verdict = zip(*found, strict=True)
    passed[student, column] = verdict
    earned = passed * np.array(points)
    total = np.nansum(earned, axis=1)

    order = {function.name: i for i, function in enumerate(unit.functions)}
    statistics = []
    for (name, check_name), j in columns.items():
        taken = ~np.isnan(passed[:, j])
        statistics.append(
            CheckStatistic(
                function=name,
                name=check_name,
                points=points[j],
                taken=int(taken.sum()),
                passed=int(np.nansum(passed[:, j])),
                discrimination=_correlation(passed[taken, j], (total - np.nan_to_num(earned[:, j]))[taken]),
            )
        )
    return tuple(sorted(statistics, key=lambda check: order.get(check.function, len(order))))


def _correlation(item: npt.NDArray[np.float64], rest: npt.NDArray[np.float64]) -> float | None:
    """Pearson's r of a check (0 or 1) and the points on all other checks: point-biserial, item and rest.

    The check's own points are left out of the total, because a check correlates with itself.
    """
    if len(item) < FEWEST or np.ptp(item) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(item, rest)[0, 1])


def _misconceptions(reports: Sequence[Report]) -> tuple[MisconceptionStatistic, ...]:
    students: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    words: dict[tuple[str, str, str], tuple[str, str]] = {}
    for report in reports:
        for function in report.functions:
            for diagnosis in function.diagnoses:
                told = diagnosis.title
                if diagnosis.kind is not None and diagnosis.id == "general.one-edit":
                    told = hints.small_edit(diagnosis.kind, diagnosis.step)  # each has a line of its own
                key = function.name, diagnosis.id, told if diagnosis.id in _ONE_ID else ""
                students[key][report.student] = None
                title, read = words.get(key, ("", ""))
                words[key] = title or told, read or diagnosis.read
    found = [MisconceptionStatistic(*key[:2], *words[key], tuple(names)) for key, names in students.items()]
    # At equal numbers a misconception of the function stands before a general finding.
    return tuple(
        sorted(found, key=lambda one: (-one.count, one.id.startswith("general."), one.function, one.id))
    )


def _line(unit: Unit, report: Report) -> StudentLine:
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
    )

"""Each function and each check as classical test theory sees an item: how difficult it is, and what it tells apart.

And what is more likely to be wrong with the handout or a check than with a whole class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from autograder.records import FunctionReport, Report, Unit
from autograder.words import commonest

FEWEST: Final = 10  # students below which nothing is said of an item
NEARLY: Final = 1e-9  # sums of points are floats
_LITTLE: Final = 0.1  # a discrimination below which a check tells hardly anything
_HARDLY_ANY: Final = 0.05  # of a class: who earns anything where a handout may be broken
_NEARLY_ALL: Final = 0.9  # of those who earn nothing: who have the same first finding
_HALF: Final = 0.5  # of those who earn nothing: who have full marks elsewhere


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
    """One check of a function."""

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

    @property
    def word(self) -> str:
        """What is odd about it, in two or three words; empty where nothing is, or too few took it."""
        if self.taken < FEWEST:
            return ""
        if self.passed == self.taken:
            return "never fails"
        if self.passed == 0:
            return "always fails"
        if self.discrimination is None or self.discrimination >= _LITTLE:
            return ""
        return "look at this check" if self.discrimination < 0 else "tells little"


@dataclass(frozen=True)
class Doubt:
    """A function that hardly anybody earns anything for, where the class is not to be thought so weak."""

    function: str
    taken: int
    failed: int  # students who earned nothing
    elsewhere: int  # of those, who have full marks for another function of the unit
    id: str  # the first finding that nearly all of them share, empty where there is none


def functions(unit: Unit, reports: Sequence[Report]) -> tuple[FunctionStatistic, ...]:
    """How each function went, in the unit's order."""
    by_name = _by_function(reports)
    return tuple(
        _function(function.name, function.points, by_name.get(function.name, ()))
        for function in unit.functions
    )


def _by_function(reports: Sequence[Report]) -> Mapping[str, list[tuple[str, FunctionReport]]]:
    """What was found of each function, with whose it is."""
    found: dict[str, list[tuple[str, FunctionReport]]] = {}
    for report in reports:
        for function in report.functions if report.score is not None else ():
            found.setdefault(function.name, []).append((report.student, function))
    return found


def _function(name: str, max_score: float, found: Sequence[tuple[str, FunctionReport]]) -> FunctionStatistic:
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


def checks(unit: Unit, reports: Sequence[Report]) -> tuple[CheckStatistic, ...]:
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


def doubts(unit: Unit, reports: Sequence[Report]) -> tuple[Doubt, ...]:
    """The functions of which it is to be asked whether handout and checks are as they should be.

    Of ten students or more, one in twenty at most earns anything for it; and half of the others have full marks for
    another function, or nine in ten of them have the same first finding.
    """
    by_name = _by_function(reports)
    full: dict[str, set[str]] = {}  # by student, functions with full marks
    for name, found in by_name.items():
        for student, function in found:
            if function.score >= function.max_score - NEARLY:
                full.setdefault(student, set()).add(name)
    told = []
    for name in (function.name for function in unit.functions):
        found = by_name.get(name, [])
        failed = [(student, function) for student, function in found if function.score <= 0]
        if len(found) < FEWEST or len(found) - len(failed) > _HARDLY_ANY * len(found):
            continue
        elsewhere = sum(bool(full.get(student, set()) - {name}) for student, _ in failed)
        first = Counter(function.diagnoses[0].id for _, function in failed if function.diagnoses)
        id, sharing = commonest(first)
        shared = id if sharing >= _NEARLY_ALL * len(failed) else ""
        if shared or elsewhere >= _HALF * len(failed):
            told.append(Doubt(name, len(found), len(failed), elsewhere, shared))
    return tuple(told)

"""Whom to talk to: students who are missing, fall, are low, or make the same mistake again, each with the reason.

The rules are few and plain, so that a person can follow each of them; docs/instructor.md says them to instructors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from autograder.pages.classroom import ClassSummary
from autograder.pages.items import FEWEST
from autograder.pages.mistakes import family
from autograder.words import listed

if TYPE_CHECKING:
    from autograder.pages.overview import CourseLine, Trend

Kind: TypeAlias = Literal["missing", "falling", "stuck", "low"]

FALL: Final = 0.25  # of the points: by how much one falls, and by how much more than the class
LOW: Final = 0.5  # of the points
LOWEST: Final = 10  # per cent of the class
_MOST_TITLES: Final = 3  # of units that are named one by one


@dataclass(frozen=True)
class Reason:
    """Why a student is at risk, in words for an instructor."""

    kind: Kind
    words: str


@dataclass(frozen=True)
class AtRisk:
    """A student to talk to."""

    student: str
    reasons: tuple[Reason, ...]
    share: float  # of the points so far


def at_risk(
    lines: Sequence[CourseLine], units: Sequence[ClassSummary], trends: Sequence[Trend]
) -> tuple[AtRisk, ...]:
    """The students at risk, those with most reasons first, and among them those with the fewest points."""
    shares = [_share(line) for line in lines if _handed_in(line)]
    low = float(np.percentile(shares, LOWEST)) if len(shares) >= FEWEST else -1.0
    told = []
    for line in lines:
        found = (
            _missing(line, trends),
            _falling(line, trends),
            _stuck(line, units),
            _low(line, low),
        )
        reasons = tuple(reason for reason in found if reason is not None)
        if reasons:
            told.append(AtRisk(line.student, reasons, line.share))
    return tuple(sorted(told, key=lambda one: (-len(one.reasons), one.share)))


def _handed_in(line: CourseLine) -> list[int]:
    """The units in which a student has a mark, by their places."""
    return [place for place, one in enumerate(line.places) if one.share is not None]


def _share(line: CourseLine) -> float:
    """The points as a share of those that could be had in the units with a mark."""
    marked = [line.places[place] for place in _handed_in(line)]
    return sum(place.total or 0.0 for place in marked) / sum(place.out_of for place in marked)


def _missing(line: CourseLine, trends: Sequence[Trend]) -> Reason | None:
    """Nothing was handed in for the last unit that counts, or for two or more."""
    counting = [place for place, trend in enumerate(trends) if trend.counts]
    gone = [place for place in counting if line.places[place].state == "missing"]
    if not gone or (len(gone) == 1 and gone[0] != counting[-1]):
        return None
    if len(gone) > _MOST_TITLES:
        last = ", the last one among them" if gone[-1] == counting[-1] else ""
        return Reason("missing", f"nothing handed in for {len(gone)} of {len(counting)} units{last}")
    return Reason(
        "missing", f"nothing handed in for {listed([f'“{trends[place].title}”' for place in gone])}"
    )


def _falling(line: CourseLine, trends: Sequence[Trend]) -> Reason | None:
    """The last mark is lower than those before by a quarter of the points, and by so much more than the class's."""
    *earlier, last = _handed_in(line) or [-1]
    means = [trend.mean or 0.0 for trend in trends]
    if not earlier:
        return None
    before = float(np.mean([line.places[place].share or 0.0 for place in earlier]))
    now = line.places[last].share or 0.0
    class_before = float(np.mean([means[place] for place in earlier]))
    fall = before - now
    if fall < FALL or fall - (class_before - means[last]) < FALL:
        return None
    return Reason(
        "falling",
        f"fell from {before:.0%} to {now:.0%} of the points in “{trends[last].title}”, "
        f"where the class went from {class_before:.0%} to {means[last]:.0%}".replace("%", " %"),
    )


def _stuck(line: CourseLine, units: Sequence[ClassSummary]) -> Reason | None:
    """A misconception of the last unit handed in was there in a unit before."""
    found = [
        (unit, {family(id) for id in unit.by_student[line.student].diagnoses} - {""})
        for unit in units
        if line.student in unit.by_student
    ]
    if len(found) < 2:
        return None
    *earlier, (last, now) = found
    again = sorted(name for name in now if any(name in before for _, before in earlier))
    if not again:
        return None
    where = [f"“{unit.title}”" for unit, before in earlier if set(again) & before]
    return Reason(
        "stuck",
        f"{listed([f'`{name}`' for name in again])} in {listed(where)} and again in “{last.title}”",
    )


def _low(line: CourseLine, lowest: float) -> Reason | None:
    """Fewer than half of the points in what was handed in, and among the lowest tenth of ten students or more."""
    if not _handed_in(line):
        return None
    share = _share(line)
    if share >= LOW or share > lowest:
        return None
    return Reason(
        "low",
        f"{share:.0%} of the points in what was handed in, among the lowest tenth of the class".replace(
            "%", " %"
        ),
    )

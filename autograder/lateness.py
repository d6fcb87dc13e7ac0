"""What late work costs by `[late]` in course.toml."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from autograder.words import counted

_DAY: Final = 86400  # seconds


@dataclass(frozen=True)
class Late:
    """What late work costs."""

    per_day: float = 0.0  # of the marks, for each day that has begun
    at_most: float = 1.0  # of the marks, by days
    grace_minutes: float = 0.0  # within which nothing is lost
    after_days: float | None = None  # after which nothing counts any more; None: it always does


def penalty(late: Late, score: float, seconds: float) -> float:
    """The points that work of this score loses which came so many seconds after it was due; days that began count."""
    if seconds <= 60 * late.grace_minutes:
        return 0.0
    if late.after_days is not None and seconds > _DAY * late.after_days:
        return score
    part = min(late.per_day * math.ceil(seconds / _DAY), late.at_most)
    return min(score, round(score * part, 6))  # without the dust of binary fractions


def words(late: Late) -> str:
    """The policy in a sentence without its full stop."""
    parts = []
    if late.per_day:
        most = f", {_percent(late.at_most)} at most" if late.at_most < 1 else ""
        parts.append(f"each day begun after the due date costs {_percent(late.per_day)} of the marks{most}")
    if late.after_days is not None:
        parts.append(f"after {counted(late.after_days, 'day')} nothing counts any more")
    if late.grace_minutes and parts:
        parts.append(f"up to {counted(late.grace_minutes, 'minute')} late costs nothing")
    text = "; ".join(parts) or "late work costs nothing"
    return text[0].upper() + text[1:]


def _percent(part: float) -> str:
    return f"{100 * part:.4g} %"

"""A small change of a text of code: other characters at a few places of one definition, or all of it anew."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.explaining.placed import Kind


@dataclass(frozen=True)
class Change:
    """One small change."""

    rank: int  # 0 is the plainest
    kind: Kind
    line: int  # within the cell
    subject: str  # a name that stands there
    parts: tuple[tuple[int, int, str], ...] = ()  # where in the cell's text, and what stands there instead
    whole: str | None = None  # the whole definition instead, where lines move
    also: tuple[int, ...] = ()  # the other lines on which the same is changed
    like: str = ""  # changes of the same `like` are the same change at several places

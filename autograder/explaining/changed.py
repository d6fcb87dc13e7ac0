"""A small change of a text of code: other characters at a few places of one definition, or all of it anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from autograder.explaining.placed import Kind


class Rank(IntEnum):
    """How plain a change is, the plainest first: those of one rank are tried together."""

    WORD = 0  # another name or number, another comparison, a line or a sign left out
    SYMBOL = 1  # another operator, a part of a formula left out, = for +=
    ORDER = 2  # the other order of two sides or arguments, another function, the same WORD everywhere
    PLACE = 3  # an index, a round or an argument more or fewer
    FORM = 4  # an axis or a size that nothing said, a line moved
    ADDED = 5  # rows and columns exchanged
    FAR = 6  # whatever else is added
    AROUND = 7  # what is added around a variable inside a formula: where the variable is made it is as plain


@dataclass(frozen=True)
class Change:
    """One small change."""

    rank: Rank
    kind: Kind
    line: int  # within the cell
    subject: str  # a name that stands there
    parts: tuple[tuple[int, int, str], ...] = ()  # where in the cell's text, and what stands there instead
    whole: Callable[[], str] | None = None  # makes the whole definition instead, where lines move
    also: tuple[int, ...] = ()  # the other lines on which the same is changed
    like: str = ""  # changes of the same `like` are the same change at several places

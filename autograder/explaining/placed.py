"""Where a small edit of the student's own code makes it right, and of what kind it is: a place, and never the edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "argument",  # what is handed to a call: another argument, another order, one too many
    "attribute",  # a variable of one call in the place of what the object keeps, or the other way round
    "augmented",  # = where += is due, the other way round, or another of the kind
    "axis",  # along which something runs
    "braces",  # names in the braces of a plain text
    "branch",  # an `if` that should be an `elif` or has no `else`, or that is asked too late
    "call",  # a call that is too many, missing, or of another function
    "comparison",  # a comparison
    "condition",  # a condition the wrong way round, `and` for `or`, a side that is none by itself
    "constant",  # a number
    "copy",  # an array or a list that has several names, where one of its own is due
    "default",  # a default value that all calls share
    "deletion",  # a line too many
    "dtype",  # whole numbers, where their decimals are due
    "grouping",  # what is calculated first
    "in-place",  # the None of a call that changes its object
    "index",  # an index or a slice
    "into-loop",  # a line that stands outside the loop in which it belongs
    "keepdims",  # an axis of length 1, kept or not
    "loop",  # how often a loop runs
    "looped",  # a loop through a list that it makes longer or shorter
    "name",  # a variable in the place of another
    "no-return",  # a way through the function on which nothing is returned
    "operator",  # +, -, *, / and the like
    "order",  # of two sides, or of two lines
    "out-of-loop",  # a line that stands inside a loop in which it does not belong
    "printed",  # a result that is printed and not returned
    "return",  # what is returned
    "rounding",  # digits that are thrown away on the way
    "sign",  # a minus too many or missing
    "size",  # a size of the inputs: another one, or a number in its place
    "switch",  # a True or a False that is written out
    "term",  # a part of a formula too many or missing
    "text",  # a text, or what is put into it
    "transpose",  # rows and columns exchanged, or not
    "turned",  # a condition the wrong way round, or what stands in its two branches
    "unit",  # degrees and radians, percent and parts of one
    "unkept",  # a result that nothing takes
]


@dataclass(frozen=True)
class Placed:
    """The place and the kind of a small edit of the student's own code that makes every ordinary input right."""

    line: int  # from 1, within the cell that defines the graded function; within that of `function` where it is given
    kind: Kind
    also: tuple[int, ...] = ()  # the other lines of the same cell on which the same is due
    subject: str = ""  # a name that stands on this line: what to look at
    step: str | None = None  # name of the reference's step whose expression was edited, where it is one
    function: str | None = (
        None  # of the student's own, where the line is in another cell than the graded one's
    )

    @property
    def lines(self) -> tuple[int, ...]:
        """All lines on which it is due."""
        return self.line, *self.also

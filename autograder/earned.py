"""What full marks in a function earn: what the student now understands, their own picture, and one task beyond.

The author writes it in `full_marks.py` of the unit, by function. The picture is of what the student's own function
gives on the inputs that come along, which are the same for everyone and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from autograder.data import Argument, Array

Form: TypeAlias = Literal["map", "arrows", "query-key-value"]

CASE: Final = "the picture of full marks"  # what the call is named that the picture is of
MOST: Final = 40  # rows, and columns, of a picture
_FACTS: Final = 2  # decimals of a number in words


@dataclass(frozen=True)
class Shown:
    """What a picture is of: inputs of the function, and what the rows and columns of its result are called.

    A result with several arrays has a title for each; a single array with several titles is cut into as many parts of
    one width, as the heads of multi-head attention lie side by side.
    """

    args: tuple[Argument, ...]
    rows: Sequence[str]
    columns: Sequence[str] = ()  # none: they are numbered
    titles: Sequence[str] = ("",)
    # "map": shaded tables; "arrows": who looks at whom; "query-key-value": three matrices as queries, keys and values.
    form: Form = "map"
    says: str = ""  # of the largest number of a row, such as "“{row}” looks most at “{column}” ({number})"
    of: Sequence[str] = ()  # the rows of which that is said


@dataclass(frozen=True)
class FullMarks:
    """What an author writes for full marks in one function."""

    understood: str  # in two sentences, to the student: what they now understand
    stretch: str = ""  # one task that goes further, checked by nobody
    shown: Shown | None = None


@dataclass(frozen=True)
class Picture:
    """A result of the student's own function, ready to be drawn."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrices: tuple[tuple[str, Array], ...]  # by their titles
    form: Form
    facts: tuple[str, ...]  # what is to be seen, in words


@dataclass(frozen=True)
class Earned:
    """What a student with full marks in a function reads and sees."""

    understood: str
    stretch: str = ""
    picture: Picture | None = None


def earned(full: FullMarks, value: object) -> Earned:
    """What is told and shown where the function gave `value` on the inputs of the picture."""
    drawn = None if full.shown is None else picture(full.shown, value)
    return Earned(full.understood, full.stretch, drawn)


def picture(shown: Shown, value: object) -> Picture | None:
    """The picture of a result; None where that is no matrix with a finite number for each row and column."""
    parts = list(value) if isinstance(value, list | tuple) else _cut(value, len(shown.titles))
    rows = tuple(shown.rows)
    if len(parts) != len(shown.titles) or not all(
        _fits(part, len(rows), len(shown.columns)) for part in parts
    ):
        return None
    columns = tuple(shown.columns) or tuple(
        str(place) for place in range(max(part.shape[1] for part in parts))
    )
    matrices = tuple(zip(shown.titles, parts, strict=True))
    return Picture(rows, columns, matrices, shown.form, tuple(_facts(shown, rows, columns, matrices)))


def _cut(value: object, parts: int) -> list[Array]:
    if not isinstance(value, np.ndarray) or value.ndim != 2 or value.shape[1] % parts:
        return []
    return np.split(value, parts, axis=1)


def _fits(part: object, rows: int, columns: int) -> bool:
    return (
        isinstance(part, np.ndarray)
        and part.ndim == 2
        and part.dtype.kind in "iuf"
        and part.shape[0] == rows <= MOST
        and 0 < part.shape[1] <= MOST
        and columns in (0, part.shape[1])
        and bool(np.all(np.isfinite(part)))
    )


def _facts(
    shown: Shown, rows: Sequence[str], columns: Sequence[str], matrices: Sequence[tuple[str, Array]]
) -> Iterator[str]:
    """What is said of the rows that the author names, matrix by matrix."""
    for title, matrix in matrices:
        for row in shown.of if shown.says else ():
            numbers = matrix[rows.index(row)]
            largest = int(np.argmax(np.round(numbers, 6)))
            fact = shown.says.format(
                row=row, column=columns[largest], number=f"{numbers[largest]:.{_FACTS}f}"
            )
            yield f"{title}: {fact}" if len(matrices) > 1 else fact

"""Plain data: the closed union of what may be an argument, a result or a variable. Nothing else crosses to student code.

Types are exact, and no subclass of these; where test cells of an adopted assignment ask, there are a few more
(`child/kin.py`). On the trusted side a pandas object is a `Table`; in a child it is itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[Any]"


@dataclass(frozen=True)
class Column:
    """One column of a table, or one level of its row labels."""

    name: Value
    dtype: str  # as pandas writes it: "float64", "object", "category"
    cells: (
        Array | tuple[Value, ...]
    )  # an array where NumPy has the dtype, else values, None where one is missing


@dataclass(frozen=True)
class Table:
    """A pandas object as its columns: it crosses as data, and the trusted side reads it without pandas."""

    kind: Literal["DataFrame", "Series", "Index"]
    columns: tuple[Column, ...]  # exactly one of a Series or an Index
    index: tuple[Column, ...] = ()  # row labels, a column for each level; none: the rows are numbered from 0


@dataclass(frozen=True)
class Code:
    """A function that a function is called with, as the source that makes it where student code runs."""

    source: str  # a lambda, or a `def`


@dataclass(frozen=True)
class Seeded:
    """A NumPy random generator that a function is called with, made where it runs."""

    seed: int


@dataclass(frozen=True)
class Other:
    """What is no plain value: the name of its type alone crosses the pipe."""

    type_name: str


Value: TypeAlias = (
    "bool | int | float | complex | str | bytes | list[Any] | tuple[Any, ...] | set[Any] | frozenset[Any]"
    " | dict[Any, Any] | Array | np.generic | Table | Other | None"
)
Argument: TypeAlias = "Value | Code | Seeded"


# What is asked: what a call returns, prints or draws, the value of a variable (which takes no arguments), or what a
# script of calls gives that begins by making an object of the student's class.
Asks: TypeAlias = Literal["result", "printed", "drawing", "variable", "script"]

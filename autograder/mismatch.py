"""One outcome held against what is due: where it parts from it, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from autograder.data import Value
from autograder.differences import Difference
from autograder.records import Case, Outcome

# The ladder of one array, and after it those of other kinds: entries of a list, keys, items of a set, text, tables.
Rung: TypeAlias = Literal[
    "died", "raises", "none", "type", "count", "shape", "finite", "values",
    "length", "keys", "items", "text", "columns", "index", "dtype",
]  # fmt: skip


@dataclass(frozen=True)
class Mismatch:
    """One outcome that is not as it should be: the first broken rung of the ladder, as data."""

    case: Case
    expected: Value | tuple[str, ...]  # exception classes where an exception was due
    outcome: Outcome
    rung: Rung
    message: str  # one plain sentence without numbers of the inputs
    part: int | None = None  # which of several returned arrays
    wrong: npt.NDArray[np.bool_] | None = None  # which cells, for rungs finite and values
    first: tuple[int, ...] | None = None  # the first wrong cell
    differences: tuple[Difference, ...] = ()  # where other values than arrays differ; whole ones have none

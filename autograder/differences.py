"""A value held against the one that was due: where they differ, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from autograder.data import Value


@dataclass(frozen=True)
class Difference:
    """One place at which a value differs from the one that is due."""

    # From the whole value down: of a list or tuple the place, of a dictionary the key, of a set the item; within an
    # array the place of a cell as a tuple; within a table the place of a column, and then that of a row.
    path: tuple[Any, ...]
    how: Literal["differs", "missing", "extra"]  # missing: due and not there; extra: there and not due


@dataclass(frozen=True)
class Beside:
    """A result beside what was due, where they are other values than arrays."""

    got: Value
    expected: Value
    differences: tuple[Difference, ...]  # the first ones, in the order of what is due
    absent: Literal["", "got", "expected"] = ""  # nothing came back, or an exception was due

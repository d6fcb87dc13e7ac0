"""How far apart two values may lie and still be equal, and what of a table counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

# What may count in a table beside its cells and the names of its columns: the name of a Series and of row labels, the
# order of columns, and the row labels themselves.
TablePart: TypeAlias = Literal["names", "column-order", "row-labels"]
TABLE_PARTS: Final[tuple[TablePart, ...]] = get_args(TablePart)


@dataclass(frozen=True)
class Tolerance:
    """How far apart two values may lie and still be equal."""

    absolute: float = 1e-8
    relative: float = 1e-5  # of the largest finite expected entry
    exact: bool = False  # the type must be the same too, and all of a table counts
    tables: tuple[TablePart, ...] = TABLE_PARTS  # what counts in tables, in this order

"""What counts in a table beside its cells: the name of a Series, names and values of row labels, the order of columns.

pandas carries names and labels along from one step to the next, so that two right ways to one table differ in them. What an
author does not ask for is put right before anything is compared, wherever a table stands in a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder import nested
from autograder.checking.kinds import token
from autograder.data import Column, Table, Value
from autograder.tolerance import TABLE_PARTS, Tolerance


def as_asked(got: Value, due: Any, tolerance: Tolerance) -> Value:
    """A value whose tables have what does not count from those that are due; the very value where all is as it was."""
    if tolerance.exact or tolerance.tables == TABLE_PARTS or not nested.has_table(due):
        return got
    put_right: Value = _as_asked(got, due, tolerance)
    return put_right


def _as_asked(got: Any, due: Any, tolerance: Tolerance) -> Any:
    if isinstance(got, Table) and isinstance(due, Table):
        return _table(got, due, tolerance) if got.kind == due.kind else got
    if isinstance(got, list | tuple) and isinstance(due, list | tuple):
        beside = [*due, *[None] * max(0, len(got) - len(due))]
        return type(got)(_as_asked(one, other, tolerance) for one, other in zip(got, beside, strict=False))
    if isinstance(got, dict) and isinstance(due, dict):
        return {key: _as_asked(one, due.get(key), tolerance) for key, one in got.items()}
    return got


def _table(got: Table, due: Table, tolerance: Tolerance) -> Table:
    if "column-order" not in tolerance.tables:
        got = replace(got, columns=_in_order(got.columns, due.columns))
    if "row-labels" not in tolerance.tables and nested.rows(got) == nested.rows(due) and got.kind != "Index":
        got = replace(got, index=due.index)
    if "names" not in tolerance.tables:
        got = replace(got, index=_renamed(_levels(got, due), _levels(due, got)))
        if got.kind != "DataFrame":
            got = replace(got, columns=_renamed(got.columns, due.columns))
    return got


def _in_order(got: Sequence[Column], due: Sequence[Column]) -> tuple[Column, ...]:
    """The columns in the order of those that are due; what is called alike stays as it is, and what is not due comes last."""
    places: dict[Any, int] = {}
    for place, column in enumerate(due):
        places.setdefault(token(column.name), place)
    return tuple(sorted(got, key=lambda column: places.get(token(column.name), len(due))))


def _levels(table: Table, other: Table) -> tuple[Column, ...]:
    """The row labels of a table, spelt out where those of the other one are."""
    return nested.labels(table) if table.index or other.index else ()


def _renamed(levels: Sequence[Column], due: Sequence[Column]) -> tuple[Column, ...]:
    """The same with the names that are due, where there are as many."""
    if len(levels) != len(due):
        return tuple(levels)
    return tuple(replace(one, name=other.name) for one, other in zip(levels, due, strict=True))

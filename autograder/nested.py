"""Plain values that may hold others: walked, changed leaf by leaf, and called by the name of their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.data import Array, Code, Column, Other, Seeded, Table, Value

CONTAINERS = (list, tuple, set, frozenset, dict)
_HOLDING = (*CONTAINERS, Table)


def leaves(value: Any) -> Iterator[Any]:
    """What a value holds that holds nothing else, in order; keys of dictionaries and labels of tables among it."""
    if isinstance(value, dict):
        for entry in value.items():
            yield from leaves(entry)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            if isinstance(inner, _HOLDING):
                yield from leaves(inner)
            else:  # as nearly always, and without a generator of its own
                yield inner
    elif isinstance(value, Table):
        for column in (*value.columns, *value.index):
            yield from leaves(column.name)
            yield from leaves(column.cells)
    else:
        yield value


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with each leaf changed; keys, items of sets and labels stay, as other values are found by them."""
    if isinstance(value, list | tuple):
        return type(value)(mapped(inner, change) for inner in value)
    if isinstance(value, dict):
        return {key: mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return value
    if isinstance(value, Table):
        return replace(value, columns=tuple(_mapped(column, change) for column in value.columns))
    return change(value)


def _mapped(column: Column, change: Callable[[Any], Any]) -> Column:
    cells: Array | tuple[Value, ...] = mapped(column.cells, change)
    return replace(column, cells=cells)


def pairs(one: Any, other: Any) -> list[tuple[Any, Any]] | None:
    """The leaves of two values of one structure side by side, by the same keys; None where they have not the same."""
    if isinstance(one, Table) and isinstance(other, Table):
        if one.kind != other.kind:
            return None
        spelt_out = bool(one.index or other.index)
        one, other = (
            [
                (column.name, column.cells)
                for column in (*table.columns, *(labels(table) if spelt_out else ()))
            ]
            for table in (one, other)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        if len(one) != len(other) or any(key not in other for key in one):
            return None
        found = [pairs(inner, other[key]) for key, inner in one.items()]
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other) or type(one) is not type(other):
            return None
        found = [pairs(left, right) for left, right in zip(one, other, strict=True)]
    else:
        return [(one, other)]
    return None if None in found else [pair for part in found if part is not None for pair in part]


def labels(table: Table) -> tuple[Column, ...]:
    """The row labels of a table, a column for each level; those that are not spelt out are numbers from 0."""
    return table.index or (Column(None, "int64", np.arange(rows(table))),)


def rows(table: Table) -> int:
    """How many rows a table has."""
    columns = (*table.columns, *table.index)
    return len(columns[0].cells) if columns else 0


def has_table(value: Any) -> bool:
    """Whether a value is a table or holds one."""
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        return any(map(has_table, value))
    return isinstance(value, Table)


def arrays(value: Any) -> list[Array]:
    """The arrays in a value, those of tables included."""
    return [leaf for leaf in leaves(value) if isinstance(leaf, np.ndarray)]


def text(key: Any) -> str:
    """A key or an item of a set as text that is the same in every process, whatever order its own items are in."""
    if isinstance(key, frozenset):
        return " ".join(sorted(map(text, key))).join("{}")
    if isinstance(key, tuple):
        return " ".join(map(text, key)).join("()")
    return repr(key)


def listed(entries: Any) -> list[Any]:
    """The entries of an array, a list, a tuple or a set as a list, numbers of NumPy's as Python's own."""
    return list(entries.tolist()) if isinstance(entries, np.ndarray) else list(entries)


def shape(value: Any) -> tuple[int, ...]:
    """The sizes of a value: of an array its own, of what has a length that, of a table its rows and columns."""
    if isinstance(value, np.ndarray):
        sizes: tuple[int, ...] = value.shape
        return sizes
    if isinstance(value, Table):
        return (len(value.columns[0].cells) if value.columns else 0, len(value.columns))
    return (len(value),) if isinstance(value, (*CONTAINERS, str, bytes)) else ()


def type_name(value: Any) -> str:
    """What the type of a value is called: "list", "float64", "DataFrame"; of what cannot cross, its own name."""
    if isinstance(value, Other):
        return value.type_name
    if isinstance(value, Table):
        return value.kind
    if isinstance(value, Code):
        return "function"
    if isinstance(value, Seeded):
        return "Generator"
    return type(value).__name__


def is_number(value: Any) -> bool:
    """Whether this is one number, and no bool: Python's own, a NumPy scalar or an array without dimensions."""
    if isinstance(value, np.ndarray | np.generic):
        return value.ndim == 0 and value.dtype.kind in "iufc"
    return isinstance(value, int | float | complex) and not isinstance(value, bool)


def holds_numbers(value: Any) -> bool:
    """Whether it is a number of Python's own, or a list of such or of lists."""
    plain = isinstance(value, int | float | complex | list | tuple)
    return plain and not any(isinstance(leaf, str | np.ndarray) for leaf in leaves(value))

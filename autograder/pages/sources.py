"""A value as Python that makes it, for people to paste: every type survives, pandas's and NumPy's too."""

from __future__ import annotations

import ast
import math
from typing import Any, Final

import numpy as np

from autograder.data import Argument, Array, Code, Column, Other, Seeded, Table
from autograder.pages.literals import in_order

MANY: Final = 10_000  # entries that are not looked into to say that they are many
MOST_DIGITS: Final = 4_000  # of an integer: Python reads no longer ones from its source


class NoSourceError(ValueError):
    """There is no Python that makes this value."""


def source(value: Argument, indent: int = 0) -> str:
    """An expression that makes the value; further lines begin `indent` characters in. NoSourceError where none does."""
    match value:
        case np.ndarray():
            return _array(value, indent)
        case np.generic():
            return _scalar(value)
        case Table():
            return _table(value)
        case Code():
            return value.source.strip()
        case Seeded():
            return f"np.random.default_rng({value.seed})"
        case Other():
            raise NoSourceError(value.type_name)
    return _plain(value)


def assignment(name: str, value: Argument) -> str:
    """A statement after which the variable holds the value; NoSourceError where there is none."""
    if isinstance(value, Code):
        made = value.source.strip()
        defined = _defined(made)
        return (
            f"{name} = {made}"
            if not defined
            else made
            if defined == name
            else f"{made}\n\n{name} = {defined}"
        )
    return f"{name} = {source(value, indent=len(name) + 3)}"


def size(value: Argument) -> int:
    """How much there is to paste: numbers, words, and eighty characters of a text as one."""
    match value:
        case np.ndarray():
            return value.size
        case str() | bytes():
            return 1 + len(value) // 80
        case Code():
            return 1 + len(value.source) // 80
        case int() if value.bit_length() > 256:
            return value.bit_length() // 256
        case list() | tuple() | set() | frozenset() | dict() if len(value) > MANY:
            return len(value)
        case dict():
            return sum(size(key) + size(inner) for key, inner in value.items())
        case list() | tuple() | set() | frozenset():
            return sum(map(size, value))
        case Table():
            return sum(len(column.cells) + 1 for column in (*value.columns, *value.index))
    return 1


def imports(*values: Argument) -> list[str]:
    """The lines that import what the sources of these values use."""
    found = {name for value in values for name in _modules(value)}
    known = {"np": "import numpy as np", "pd": "import pandas as pd"}
    return [line for name, line in known.items() if name in found]


def _modules(value: Any) -> set[str]:
    match value:
        case np.ndarray() | np.generic() | Seeded():
            return {"np"}
        case Code():
            return {"np"} if "np." in value.source else set()
        case Table():
            cells = set().union(*(_modules(column.cells) for column in (*value.columns, *value.index)))
            return cells | {"pd"}
        case dict():
            return set().union(*map(_modules, value.keys()), *map(_modules, value.values()))
        case list() | tuple() | set() | frozenset():
            return set().union(*map(_modules, value))
    return set()


# ------------------------------------------------------------------------------------------- Python's own


def _plain(value: Any) -> str:
    match value:
        case bool() | None:
            return repr(value)
        case int():
            return str(value) if value.bit_length() < MOST_DIGITS else hex(value)
        case float():
            return repr(value) if math.isfinite(value) else f'float("{value}")'
        case complex():
            return f"complex({_plain(value.real)}, {_plain(value.imag)})"
        case set() | frozenset():
            name, items = type(value).__name__, ", ".join(map(source, in_order(value)))
            return (
                f"{name}()" if not value else f"{{{items}}}" if name == "set" else f"frozenset({{{items}}})"
            )
        case dict():
            return "{" + ", ".join(f"{source(key)}: {source(inner)}" for key, inner in value.items()) + "}"
        case tuple():
            return f"({', '.join(map(source, value))}{',' if len(value) == 1 else ''})"
        case list():
            return f"[{', '.join(map(source, value))}]"
    return repr(value)


def _defined(made: str) -> str:
    """The name that a source gives its function; empty for a lambda."""
    try:
        last = ast.parse(made).body[-1]
    except (SyntaxError, IndexError, ValueError, RecursionError, MemoryError):
        raise NoSourceError("no Python") from None
    return last.name if isinstance(last, ast.FunctionDef) else ""


# ------------------------------------------------------------------------------------------------ NumPy's


def _scalar(value: np.generic) -> str:
    kind = value.dtype.kind
    if kind in "Mm":
        name, unit = ("datetime64" if kind == "M" else "timedelta64"), np.datetime_data(value.dtype.str)[0]
        if np.isnat(value):
            return f'np.{name}("NaT", "{unit}")'  # NumPy will no longer have one without
        return f'np.{name}("{value}")' if kind == "M" else f'np.{name}({value.astype(int)}, "{unit}")'
    if kind in "US":
        return f"np.{'str_' if kind == 'U' else 'bytes_'}({value.item()!r})"
    if kind == "b":
        return f"np.bool_({bool(value)})"
    return f"np.{value.dtype.name}({_number(value.item())})"


def _array(value: Array, indent: int) -> str:
    kind = value.dtype.kind
    if value.size == 0:
        return f"np.zeros({value.shape}{_dtype(value, 'f8')})"
    if kind in "Mm":
        texts = value.astype(str) if kind == "M" else value.astype("i8")
        body = _nested(texts.tolist(), indent + len("np.array("))
        return f'np.array({body}, dtype="{value.dtype.str[1:]}")'
    body = _nested(value.tolist(), indent + len("np.array("))
    # Python reads the numbers back as what they look like; where that is another dtype, it is said.
    usual = {"f": "f8", "i": "i8", "c": "c16", "b": "b1"}.get(kind, value.dtype.str[1:])
    if kind == "f" and value.dtype.itemsize == 8 and _written_as_whole(value):
        return f"np.array({body}, dtype=float)"
    return f"np.array({body}{_dtype(value, usual)})"


def _written_as_whole(value: Array) -> bool:
    """Whether all numbers are written without a point, so that they would be read as integers."""
    return all(set(f"{number:.6g}") <= set("-0123456789") for number in value.ravel().tolist())


def _dtype(value: Array, usual: str) -> str:
    return "" if value.dtype.str[1:] == usual else f', dtype="{value.dtype.name}"'


def _nested(value: object, indent: int) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}"  # as many digits as a reader compares
    if not isinstance(value, list):
        return _number(value) if isinstance(value, float | int | complex) else repr(value)
    between = f",\n{' ' * (indent + 1)}" if value and isinstance(value[0], list) else ", "
    return f"[{between.join(_nested(one, indent + 1) for one in value)}]"


def _number(value: Any) -> str:
    """A number as short as it can be read back."""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return f"{'-' if value < 0 else ''}np.{str(value).lstrip('-')}"
    short = f"{value:.6g}"
    return short if float(short) == value else repr(value)


# ----------------------------------------------------------------------------------------------- pandas's


def _table(table: Table) -> str:
    if table.kind == "Index":
        return _index(table.columns)
    index = f", index={_index(table.index)}" if table.index else ""
    if table.kind == "Series":
        (column,) = table.columns
        named = f", name={source(column.name)}" if column.name is not None else ""
        return f"pd.Series({_cells(column)}{index}{named}{_its_dtype(column)})"
    names = [column.name for column in table.columns]
    plain = all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
    # By place where two columns have one name, or it is no text.
    keys = [repr(name) if plain else str(place) for place, name in enumerate(names)]
    columns = ", ".join(f"{key}: {_made(column)}" for key, column in zip(keys, table.columns, strict=True))
    made = f"pd.DataFrame({{{columns}}}{index})"
    objects = [key for key, column in zip(keys, table.columns, strict=True) if column.dtype == "object"]
    if objects:  # pandas makes text of objects that are texts
        dtypes = ", ".join(f'{key}: "object"' for key in objects)
        made += f".astype({{{dtypes}}})"
    return made if plain else f"{made}.set_axis({source(names)}, axis=1)"


def _made(column: Column) -> str:
    """A column without labels of its own, which a frame then takes as they lie."""
    return f"pd.array({_cells(column)}{_its_dtype(column)})"


def _index(levels: tuple[Column, ...]) -> str:
    if len(levels) == 1:
        (level,) = levels
        named = f", name={source(level.name)}" if level.name is not None else ""
        return f"pd.Index({_cells(level)}{named}{_its_dtype(level)})"
    names = source([level.name for level in levels])
    return f"pd.MultiIndex.from_arrays([{', '.join(map(_made, levels))}], names={names})"


def _cells(column: Column) -> str:
    if isinstance(column.cells, np.ndarray):
        cells = column.cells
        if cells.dtype.kind in "Mm":
            return _plain(cells.astype(str).tolist())
        return f"[{', '.join(map(_cell, cells.tolist()))}]"
    return source(list(column.cells))


def _cell(value: Any) -> str:
    return _number(value) if isinstance(value, float | int | complex) else source(value)


def _its_dtype(column: Column) -> str:
    return f', dtype="{column.dtype}"'

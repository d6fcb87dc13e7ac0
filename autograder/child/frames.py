"""pandas objects as tables, and back: data alone crosses, and whoever reads it needs no pandas.

pandas is imported where there is a table; student code may do what it likes to it, and then what crosses is wrong.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import numpy as np

from autograder.child.nodes import NoPlaceError
from autograder.data import Array, Column, Table, Value

# Dtypes of pandas's own by which columns are made again; NumPy's are those of their arrays.
_EXTENSIONS: Final = frozenset(
    ["object", "str", "string", "category", "boolean", "Float32", "Float64"]
    + [f"{sign}Int{bits}".replace("UInt", "UInt") for sign in ("", "U") for bits in (8, 16, 32, 64)]
)


def is_pandas(value: Any) -> bool:
    """Whether a value is a DataFrame, a Series or an Index; False where pandas has not been imported."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame | pandas.Series | pandas.Index)


def table(value: Any) -> Table:
    """A pandas object as a table; NoPlaceError where it holds what does not cross, such as times with a zone."""
    import pandas

    if isinstance(value, pandas.DataFrame):
        columns = [_column(name, value.iloc[:, place]) for place, name in enumerate(value.columns)]
        return Table("DataFrame", tuple(columns), _index(value.index, always=not columns and len(value) > 0))
    if isinstance(value, pandas.Series):
        return Table("Series", (_column(value.name, value),), _index(value.index))
    levels = _index(value, always=True)
    if len(levels) != 1:
        raise NoPlaceError("pandas.MultiIndex")
    return Table("Index", levels)


def pandas_object(table: Table) -> Any:
    """The pandas object that a table describes; ImportError where there is no pandas."""
    import pandas

    if table.kind == "Index":
        return _made_index(table.columns)
    index = _made_index(table.index) if table.index else None
    series = [pandas.Series(_values(column), index=index, name=_name(column)) for column in table.columns]
    if table.kind == "Series":
        return series[0]
    # By place: two columns may have one name, and there may be none.
    frame = pandas.DataFrame(dict(enumerate(series)), index=index)
    frame.columns = pandas.Index([_name(column) for column in table.columns])
    return frame


def _index(index: Any, *, always: bool = False) -> tuple[Column, ...]:
    """The levels of row labels; none for the numbers from 0 that pandas gives by itself."""
    import pandas

    plain = (
        isinstance(index, pandas.RangeIndex) and index.name is None and (index.start, index.step) == (0, 1)
    )
    if plain and not always:
        return ()
    if isinstance(index, pandas.MultiIndex):
        return tuple(_column(name, index.get_level_values(place)) for place, name in enumerate(index.names))
    return (_column(index.name, index),)


def _column(name: Any, values: Any) -> Column:
    dtype = str(values.dtype)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind != "O":
        cells: Array | tuple[Value, ...] = np.asarray(values)
    elif dtype in _EXTENSIONS:
        cells = tuple(None if _is_missing(cell) else cell for cell in values.tolist())
    else:
        raise NoPlaceError(f"a column of {dtype}")
    return Column(name, dtype, cells)


def _is_missing(cell: Any) -> bool:
    import pandas

    return cell is None or cell is pandas.NA or (isinstance(cell, float) and cell != cell)


def _made_index(levels: tuple[Column, ...]) -> Any:
    import pandas

    if len(levels) == 1:
        return pandas.Index(_values(levels[0]), name=_name(levels[0]))
    return pandas.MultiIndex.from_arrays([_values(level) for level in levels], names=[*map(_name, levels)])


def _values(column: Column) -> Any:
    import pandas

    if isinstance(column.cells, np.ndarray):
        return column.cells
    dtype = column.dtype if column.dtype in _EXTENSIONS else "object"
    return pandas.array(list(column.cells), dtype=dtype)


def _name(column: Column) -> Any:
    return column.name

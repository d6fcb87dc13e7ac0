"""What a line works out and nothing takes: it is neither kept, nor returned, nor does it change anything."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Final

import numpy as np

from autograder.explaining import flow
from autograder.explaining.editable import MODULES

_MOST: Final = 3  # of a function: who has more has other troubles
# What gives something and changes nothing, however it is called; what writes into one of its arguments does not stand here.
_OF_PYTHON: Final = frozenset({"abs", "len", "round", "sorted"})
_OF_NUMPY: Final = frozenset(
    {
        "append", "concatenate", "cumsum", "delete", "dot", "expand_dims", "flip", "hstack", "insert", "max", "mean", "min",
        "outer", "repeat", "reshape", "sort", "squeeze", "stack", "std", "sum", "swapaxes", "tile", "transpose", "tril",
        "triu", "unique", "var", "vstack", "where",
    }
)  # fmt: skip
_METHODS: Final = frozenset(
    {
        # of lists, dictionaries and texts
        "count", "find", "get", "index", "items", "keys", "values",
        # of texts
        "capitalize", "casefold", "lower", "lstrip", "rstrip", "split", "splitlines", "strip", "swapcase", "title", "upper",
        # of arrays
        "argmax", "argmin", "astype", "flatten", "max", "mean", "min", "ravel", "reshape", "squeeze", "std", "sum", "swapaxes",
        "transpose", "var",
        # of tables
        "agg", "assign", "dropna", "fillna", "groupby", "merge", "rename", "reset_index", "set_index", "sort_index",
        "sort_values", "value_counts",
    }
)  # fmt: skip
_WRITE: Final = frozenset({"out", "inplace"})  # arguments that have a call write somewhere


def sentences(function: ast.FunctionDef | ast.ClassDef | None, named: Collection[int | None]) -> list[str]:
    """A sentence on each line of a function whose value nothing takes, but for those `named` already."""
    if not isinstance(function, ast.FunctionDef):
        return []
    found = [
        node
        for node in flow.own(function)
        if isinstance(node, ast.Expr) and node.lineno not in named and _changes_nothing(node.value)
    ]
    return [_told(node) for node in sorted(found, key=lambda node: node.lineno)[:_MOST]]


def _told(node: ast.Expr) -> str:
    if isinstance(node.value, ast.Compare):
        return f"Line {node.lineno} only compares: it changes nothing, and nothing takes its answer."
    return f"Line {node.lineno} works something out that is neither kept nor returned."


def _changes_nothing(value: ast.expr) -> bool:
    """Whether this gives something and does nothing else."""
    match value:
        case ast.Compare() | ast.BinOp():
            return not any(isinstance(one, ast.Call) and not _changes_nothing(one) for one in ast.walk(value))
        case ast.Call(keywords=keywords) if any(one.arg is None or one.arg in _WRITE for one in keywords):
            return False
        case ast.Call(func=ast.Name(id=name)):
            return name in _OF_PYTHON
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if module in MODULES:
            known = vars(np).get(name)
            # Behind what a ufunc takes may stand an array to write into.
            return len(value.args) <= known.nin if isinstance(known, np.ufunc) else name in _OF_NUMPY
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _METHODS
    return False

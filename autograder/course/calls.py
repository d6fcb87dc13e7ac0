"""What NumPy's functions and methods do to cells: the table by which the steps of a solution are told.

Those that are not here are taken as they are: their steps have a name, a sentence and a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

FOLDS: Final[Mapping[Any, str]] = {
    np.sum: "sum",
    np.mean: "mean",
    np.max: "max",
    np.amax: "max",
    np.min: "min",
    np.amin: "min",
    np.prod: "prod",
    np.std: "std",
    np.var: "var",
    np.median: "median",
    np.any: "any",
    np.all: "all",
    np.argmax: "argmax",
    np.argmin: "argmin",
    np.ptp: "ptp",
    np.linalg.norm: "norm",
    np.count_nonzero: "count_nonzero",
}
MOVES: Final[frozenset[Any]] = frozenset({
    np.transpose, np.swapaxes, np.moveaxis, np.reshape, np.ravel, np.expand_dims, np.squeeze, np.flip, np.fliplr,
    np.flipud, np.roll, np.rot90, np.broadcast_to, np.repeat, np.tile, np.atleast_1d, np.atleast_2d, np.copy, np.asarray,
    np.diagonal, np.take,
})  # fmt: skip
JOINS: Final[frozenset[Any]] = frozenset(
    {np.concatenate, np.stack, np.hstack, np.vstack, np.column_stack, np.array}
)
OF_ENTRIES: Final[Mapping[Any, str]] = {np.where: "where", np.clip: "clip", np.round: "round"}

FOLD_METHODS: Final = frozenset(
    {"sum", "mean", "max", "min", "prod", "std", "var", "any", "all", "argmax", "argmin"}
)
MOVE_METHODS: Final = frozenset(
    {
        "reshape",
        "transpose",
        "swapaxes",
        "ravel",
        "flatten",
        "squeeze",
        "repeat",
        "copy",
        "astype",
        "diagonal",
        "take",
    }
)
SIZES: Final = frozenset(
    {"shape", "ndim", "size", "dtype"}
)  # what an array says of itself, whatever its numbers


def entries(function: Callable[..., Any]) -> str:
    """NumPy's name for an operation entry by entry; empty where it is none."""
    if isinstance(function, np.ufunc) and function.nout == 1 and function.signature is None:
        return function.__name__
    return OF_ENTRIES.get(function, "") if _hashable(function) else ""


def fold(function: Callable[..., Any]) -> str:
    """What a function folds by; empty where it folds nothing."""
    return FOLDS.get(function, "") if _hashable(function) else ""


def moves(function: Callable[..., Any]) -> bool:
    """Whether it puts cells elsewhere and does nothing else."""
    return _hashable(function) and function in MOVES


def joins(function: Callable[..., Any]) -> bool:
    """Whether it puts arrays together."""
    return _hashable(function) and function in JOINS


def _hashable(function: Any) -> bool:
    return getattr(type(function), "__hash__", None) is not None

from __future__ import annotations

import numpy as np
import pytest

from autograder.course import calls


@pytest.mark.parametrize(
    ("function", "entries", "fold", "moves", "joins"),
    [
        (np.exp, "exp", "", False, False),
        (np.where, "where", "", False, False),
        (np.matmul, "", "", False, False),
        (np.modf, "", "", False, False),
        (np.sum, "", "sum", False, False),
        (np.linalg.norm, "", "norm", False, False),
        (np.transpose, "", "", True, False),
        (np.concatenate, "", "", False, True),
        (len, "", "", False, False),
        ([], "", "", False, False),
    ],
)
def test_what_functions_do_to_cells(
    function: object, entries: str, fold: str, moves: bool, joins: bool
) -> None:
    assert calls.entries(function) == entries  # type: ignore[arg-type]
    assert calls.fold(function) == fold  # type: ignore[arg-type]
    assert calls.moves(function) == moves  # type: ignore[arg-type]
    assert calls.joins(function) == joins  # type: ignore[arg-type]


def test_methods_of_arrays_are_known_by_name() -> None:
    for name in (*calls.FOLD_METHODS, *calls.MOVE_METHODS, *calls.SIZES):
        assert hasattr(np.ndarray, name)

"""Trying a function on its inputs, and what answers for those it calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autograder.grading.pipeline import Pipeline

EMBEDDINGS = np.array([[1.0, 2.0], [3.0, 4.0]])


def answered(pipelines: Mapping[str, Pipeline], name: str, *args: Any) -> Any:
    examiner = pipelines["multi-head"].examiner
    return examiner._answer(name, args)


def test_a_list_of_numbers_is_the_array_that_the_function_is_called_with(
    pipelines: Mapping[str, Pipeline],
) -> None:
    for scores in (EMBEDDINGS, EMBEDDINGS.tolist(), tuple(map(tuple, EMBEDDINGS.tolist()))):
        np.testing.assert_allclose(answered(pipelines, "softmax", scores).sum(axis=-1), [1, 1])
    np.testing.assert_array_equal(answered(pipelines, "one_hot", ["b", "a"], ["a", "b"]), [[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("name", "args", "raised"),
    [
        ("softmax", (), TypeError),
        ("softmax", (["a", "b"],), ValueError),
        ("softmax", ([[1.0], [1.0, 2.0]],), ValueError),
        ("softmax", ({"a": 1},), ValueError),
        ("one_hot", (["c"], ["a", "b"]), (ValueError, KeyError)),
        ("softmax", ({"a": 10**9},), OverflowError),
    ],
)
def test_what_the_right_function_cannot_take(
    pipelines: Mapping[str, Pipeline], name: str, args: tuple[Any, ...], raised: Any
) -> None:
    assert isinstance(answered(pipelines, name, *args), raised)

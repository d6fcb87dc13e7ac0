"""Numbers that tell careless results from honest ones."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.course.drawing import again_until, normal, telling


def test_it_draws_until_the_condition_holds() -> None:
    numbers = iter(range(10))
    assert again_until(lambda drawn: drawn > 3, lambda: next(numbers)) == 4


def test_a_condition_that_nothing_meets_ends() -> None:
    with pytest.raises(RuntimeError, match="ten thousand draws"):
        again_until(lambda drawn: False, lambda: 1)


def test_numbers_can_be_read_on_a_page() -> None:
    drawn = normal(np.random.default_rng(0), 30, 40, size=2.0)
    assert drawn.shape == (30, 40)
    assert np.array_equal(drawn, np.round(drawn, 2))
    assert 1.9 < drawn.std() < 2.1


@pytest.mark.parametrize(
    ("result", "tells"),
    [
        (np.array([1.23456, 0.7]), True),
        (np.array([1.2345, 0.7]), False),  # right when rounded
        (np.array([0.23456, 0.2]), False),  # so small that the tolerance is as well
        (np.array([1.2345678, 0.25]), True),
        ((np.array([1.23456]), np.array([1.5])), False),  # each part must tell
    ],
)
def test_telling(result: np.ndarray, tells: bool) -> None:
    assert telling(result) is tells

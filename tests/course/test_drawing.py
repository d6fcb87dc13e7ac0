"""Numbers that tell careless results from honest ones, in one structure for all students."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.course.drawing import (
    again_until,
    as_they_are,
    drawn,
    normal,
    other_numbers,
    put_in,
    telling,
)
from autograder.course.steps import Procedure, Step
from autograder.records import Case


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


# ------------------------------------------------------------------------------------ one structure for all

DOUBLE = Procedure(
    "double",
    ("x",),
    (Step("twice", "y", ("x",), lambda x: 2 * x, "y", "y", "Double it.", lambda values, index: "2"),),
    ("y",),
)


def order(args: tuple[Any, ...]) -> list[int]:
    """The ranks of all numbers of some arrays; those that are equal share one."""
    numbers = np.concatenate([np.ravel(argument) for argument in args])
    return list(np.unique(numbers, return_inverse=True)[1])


@pytest.mark.parametrize("decimals", [1, 2, 3, 5])
def test_other_numbers_keep_signs_order_ties_and_decimals(decimals: int) -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        args = (normal(rng, 6, 7, decimals=decimals), normal(rng, 12, size=9.0, decimals=decimals))
        args[0][0, :2] = args[1][0], -args[1][0]
        one, other = (other_numbers(np.random.default_rng(s), args) for s in (1, 2))
        assert order(one) == order(other) == order(args), seed
        for before, after in zip(args, one, strict=True):
            moved = np.abs(after - before)
            assert np.array_equal(np.sign(before), np.sign(after))
            assert np.all((np.abs(after) > np.abs(before)) | (before == 0))
            assert np.all(moved < 0.005)
            if decimals <= 2:
                assert np.array_equal(np.round(after, 2), before)
        assert any(not np.array_equal(left, right) for left, right in zip(one, other, strict=True)), seed


def test_other_numbers_are_exact_in_single_precision_where_the_first_are() -> None:
    x = np.array([[1000 + 3 / 32, -1500.5, 0.0], [-np.inf, 2 / 32, -2 / 32]])
    (other,) = other_numbers(np.random.default_rng(0), (x,))
    assert isinstance(other, np.ndarray)
    assert not np.array_equal(x, other)
    assert np.array_equal(other.astype(np.float32), other)
    assert np.isneginf(other[1, 0])
    assert other[0, 2] == 0
    assert other[1, 1] == -other[1, 2]


def test_whole_numbers_and_texts_stay() -> None:
    mask, counts, texts = np.array([1.0, 0.0]), np.array([3, 4]), ["a", "b"]
    assert other_numbers(np.random.default_rng(0), (mask, counts, texts)) == (mask, counts, texts)
    (x, kept) = other_numbers(np.random.default_rng(0), (np.array([0.25, 1.31]), mask))
    assert kept is mask
    assert not np.array_equal(x, np.array([0.25, 1.31]))


def test_the_first_numbers_are_left_alone() -> None:
    x = np.array([0.25, 1.31])
    other_numbers(np.random.default_rng(0), (x,))
    assert x.tolist() == [0.25, 1.31]


def test_a_drawn_case_meets_its_condition_whatever_the_numbers() -> None:
    rng = np.random.default_rng(0)
    case = drawn("some", lambda: (normal(rng, 4),), lambda x: bool(x[0] > 1.001), kind="huge")
    assert case.kind == "huge"
    for seed in range(50):
        put = put_in(np.random.default_rng(seed), case)
        assert put.args[0][0] > 1.001
        assert put.name == "some"


def test_the_largest_entries_of_the_steps_keep_their_places() -> None:
    # The second entry is the largest by so little that other numbers may well put the first one in its place.
    steps = iter([np.array([1.31, -1.30]), np.array([1.5, 0.25])])
    square = Procedure(
        "square", ("x",), (replace(DOUBLE.steps[0], op=lambda x: np.array([x[0], 1.3125])),), ("y",)
    )
    case = drawn("some", lambda: (next(steps),), of=square)
    assert case.args[0][1] == 0.25


@pytest.mark.parametrize("moving", range(1, 20))
def test_a_structure_that_moves_on_is_refused_before_a_later_student_fails(moving: int) -> None:
    calls: list[int] = []  # for each structure, how many students' numbers were tried

    def draw() -> tuple[np.ndarray]:
        calls.append(0)
        return (np.array([0.25, 1.31]),)

    def twice(x: np.ndarray) -> np.ndarray:
        calls[-1] += 1
        if len(calls) == 1 and calls[-1] > moving + 1:
            raise ArithmeticError
        return -x if len(calls) == 1 and calls[-1] == moving + 1 else 2 * x

    of = replace(DOUBLE, steps=(replace(DOUBLE.steps[0], op=twice),))
    drawn("some", draw, of=of)
    assert len(calls) == 2


@pytest.mark.parametrize("failing", range(20))
def test_a_reference_that_fails_for_some_student_is_told(failing: int) -> None:
    calls: list[None] = []

    def twice(x: np.ndarray) -> np.ndarray:
        calls.append(None)
        if len(calls) == failing + 1:
            raise ArithmeticError("for some")
        return 2 * x

    of = replace(DOUBLE, steps=(replace(DOUBLE.steps[0], op=twice),))
    with pytest.raises(ArithmeticError, match="for some"):
        drawn("some", lambda: (np.array([0.25, 1.31]),), of=of)


def test_a_step_whose_result_has_another_shape_for_the_next_student_moves_on() -> None:
    seen = iter(range(10**6))
    ragged = replace(DOUBLE.steps[0], op=lambda x: np.ones((3 + next(seen) % 2, 1)))
    with pytest.raises(RuntimeError, match="the step “twice” has other largest entries or signs"):
        drawn("some", lambda: (np.array([0.25, 1.31]),), of=replace(DOUBLE, steps=(ragged,)), most=3)


def test_a_draw_that_fails_says_which_condition_failed() -> None:
    with pytest.raises(
        RuntimeError,
        match=r"^“some”: 3 draws and none was good: 3 times what must hold \(line \d+\) did not$",
    ):
        drawn("some", lambda: (np.array([0.5]),), lambda x: False, most=3)
    near = Procedure(
        "near", ("x",), (replace(DOUBLE.steps[0], op=lambda x: np.array([x[0], 1.3125])),), ("y",)
    )
    with pytest.raises(RuntimeError, match=r"3 times the step “twice” has other largest entries or signs"):
        drawn("some", lambda: (np.array([1.31, -1.30]),), of=near, most=3)


def test_what_never_holds_ends() -> None:
    with pytest.raises(RuntimeError, match="ten thousand draws"):
        put_in(np.random.default_rng(0), Case("some", (np.array([0.5]),), holds=lambda x: False))


def test_a_case_that_is_the_same_for_every_student() -> None:
    case = Case("some", (np.array([0.25]), ["a"]), vary=as_they_are)
    assert put_in(np.random.default_rng(0), case).args is case.args

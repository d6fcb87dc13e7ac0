"""Results as a few sums: known again within the tolerance, told from all others, and not to be read back."""

import numpy as np
import pytest

from autograder.data import Array, Other, Value
from autograder.explaining import sketch
from autograder.explaining.sketch import Sketch
from autograder.records import Died, Outcome, Raised, Returned, Tolerance

TABLE = np.random.default_rng(3).normal(size=(4, 5))
TOLERANCE = Tolerance()


def shipped(outcome: Outcome) -> Sketch:
    """As it comes out of a file: form and sums, in single precision."""
    made = sketch.of(outcome)
    return Sketch(made.form, made.sums.astype(np.float32).astype(float))


def alike(one: Value, other: Value) -> bool:
    return sketch.of(Returned(one)).near(shipped(Returned(other)), TOLERANCE)


@pytest.mark.parametrize(
    "value",
    [
        TABLE,
        TABLE * 1e6,
        TABLE + 1e-9,
        TABLE.astype(np.float32),
        np.zeros((3, 0)),
        np.array(2.5),
        (TABLE, TABLE[:2]),
        np.array([[1.0, np.nan], [np.inf, -np.inf]]),
        np.eye(3, dtype=bool),
        Other("list"),
        None,
        np.float16(2.5),  # with which no large number can be compared as it is
        10**400,
    ],
)
def test_a_result_is_known_again(value: Value) -> None:
    assert alike(value, value)


def test_what_agrees_within_the_tolerance_is_known_again() -> None:
    noise = np.random.default_rng(4).normal(size=TABLE.shape)
    assert alike(TABLE * (1 + 1e-7 * noise), TABLE)
    assert alike(TABLE.astype(np.float32), TABLE)
    assert not alike(TABLE * (1 + 1e-3 * noise), TABLE)


@pytest.mark.parametrize(
    "other",
    [
        TABLE.T,
        TABLE[::-1],
        TABLE[:, ::-1],
        TABLE[[1, 0, 2, 3]],
        -TABLE,
        TABLE + 1e-3,
        TABLE.reshape(5, 4),
        np.where(TABLE[2, 3] == TABLE, np.nan, TABLE),
        np.where(TABLE[2, 3] == TABLE, 0, TABLE),
        TABLE + 0j,
        TABLE.astype(str),
        (TABLE, TABLE),
        Other("list"),
        None,
    ],
)
def test_results_that_differ_are_told_apart(other: Value) -> None:
    assert not alike(other, TABLE)
    assert not alike(TABLE, other)


def test_where_nan_stands_counts() -> None:
    one, other = np.array([1.0, np.nan, 0.0]), np.array([1.0, 0.0, np.nan])
    assert not alike(one, other)
    assert not alike(np.array([np.nan]), np.array([np.inf]))


def test_arrays_of_one_shape_are_the_same_stacked() -> None:
    assert alike(np.stack([TABLE, 2 * TABLE]), (TABLE, 2 * TABLE))


def test_exceptions_are_known_by_their_class_and_deaths_by_their_reason() -> None:
    outcomes = [Raised("ValueError"), Raised("IndexError"), Died("timeout"), Returned(None)]
    for place, one in enumerate(outcomes):
        assert [sketch.of(one).near(shipped(other), TOLERANCE) for other in outcomes].index(True) == place
    assert sketch.of(Raised("ValueError", "other words", 3)).near(shipped(outcomes[0]), TOLERANCE)


def test_what_overflows_is_never_taken_for_known() -> None:
    huge: Array = np.full((3, 3), 1.7e308)
    assert not sketch.of(Returned(huge)).near(sketch.of(Returned(-huge)), TOLERANCE)


def test_what_may_overflow_by_the_order_of_its_terms_does_always() -> None:
    numbers = np.array([1.7e308, 1.7e308, -1.7e308, -1.7e308])
    for way in (numbers, numbers[[0, 2, 1, 3]]):
        assert sketch.of(Returned(way)).sums.tolist() == [np.inf] * sketch.SUMS
    assert np.isfinite(sketch.of(Returned(numbers / 10)).sums).all()


def test_sums_near_zero_are_the_same_whatever_the_last_digits() -> None:
    balanced = TABLE - (sketch._weights(TABLE.size)[0] @ TABLE.ravel()) / (
        sketch._weights(TABLE.size)[0].sum()
    )
    other = balanced * (1 + 2e-16 * np.random.default_rng(5).integers(-2, 3, size=TABLE.shape))
    one, same = (sketch.of(Returned(value)) for value in (balanced, other))
    assert not np.array_equal(one.sums, same.sums)
    assert one.rounded(TOLERANCE).sums.tobytes() == same.rounded(TOLERANCE).sums.tobytes()
    assert one.rounded(TOLERANCE).sums[0] == 0
    assert one.key(TOLERANCE) == same.key(TOLERANCE)
    assert one.rounded(TOLERANCE).near(same, TOLERANCE)


def test_weights_are_the_same_everywhere_and_small() -> None:
    np.testing.assert_allclose(sketch._weights(3)[:, 1], np.cos([4.0, 4 * 2**0.5, 4 * 3**0.5]))
    assert np.abs(sketch._weights(5000)).max() <= 1

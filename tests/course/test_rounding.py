"""Numbers as they are written down, the same from whatever machine they come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checking.numbers import wrong_cells
from autograder.course.rounding import certain, elsewhere, nudged, rounded, short, written, written_value
from autograder.data import Array
from autograder.records import Tolerance

TOLERANCE = Tolerance()
TABLE = np.random.default_rng(5).normal(size=(40, 50))
SIZES = [1e-12, 1e-3, 0.999, 1.0, 7.0, 1e5, 1e300]


def noisy(array: Array) -> Array:
    """With last digits that another machine might have: of the size of the largest, as sums of terms have them."""
    units = np.random.default_rng(6).integers(-8, 9, size=array.shape)
    noise: Array = array + units * np.spacing(np.max(np.abs(array)))
    return noise


@pytest.mark.parametrize("size", SIZES)
def test_last_digits_do_not_show(size: float) -> None:
    here = written(size * TABLE, TOLERANCE)
    assert written(noisy(size * TABLE), TOLERANCE).tobytes() == here.tobytes()


@pytest.mark.parametrize("decimals", range(12))
@pytest.mark.parametrize("size", [0.25, 1.0, 30.0])
def test_numbers_in_the_middle_of_two_steps_go_the_same_way(size: float, decimals: int) -> None:
    # What inputs of two or three decimals make; a half of the next digit is what rounding to `decimals` trips over.
    middles = np.round(size * TABLE, decimals) + 0.5 * 10.0**-decimals
    ways = [written(noisy(middles), TOLERANCE).tobytes(), written(middles, TOLERANCE).tobytes()]
    assert ways[0] == ways[1]


@pytest.mark.parametrize("size", SIZES)
def test_steps_are_small_against_the_tolerance(size: float) -> None:
    array = size * TABLE
    apart = TOLERANCE.absolute + TOLERANCE.relative * np.max(np.abs(array))
    assert np.max(np.abs(written(array, TOLERANCE) - array)) <= apart / 2000 * (1 + 1e-6)
    assert not wrong_cells(
        array, written(array, TOLERANCE), Tolerance(TOLERANCE.absolute / 999, 1e-5 / 999)
    ).any()


def test_a_sum_near_zero_of_large_terms_is_zero_without_a_sign() -> None:
    made = rounded(np.array([[1e-17, -3e-17, -0.0, 1.0]]), 1e-5)
    assert made.tobytes() == np.array([[0.0, 0.0, 0.0, 1.0]]).tobytes()


def test_nan_has_one_form_and_infinities_stay() -> None:
    negative = np.copysign(np.nan, -1.0)
    assert rounded(np.array([negative]), 1e-5).tobytes() == np.array([np.nan]).tobytes()
    assert rounded(np.array([np.inf, -np.inf]), 1e-5).tolist() == [np.inf, -np.inf]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_the_dtype_stays_but_for_wider_ones(dtype: type) -> None:
    assert rounded(np.array([0.1], dtype), 1e-5).dtype == dtype
    assert rounded(np.array(0.1, dtype), 1e-5).shape == ()
    assert rounded(np.array([0.1], np.longdouble), 1e-5).dtype == np.float64


def test_what_is_no_floating_number_stays_as_it_is() -> None:
    for array in (np.array([1, 2]), np.array([True]), np.array(["a"])):
        assert rounded(array, 1e-5) is array


def test_all_digits_stay_where_any_difference_is_told() -> None:
    assert written(TABLE, Tolerance(0.0, 0.0)).tobytes() == TABLE.tobytes()


def test_the_smallest_numbers_of_all_do_not_become_nan() -> None:
    tiny = np.array([1e-300, 5e-324])
    assert np.isfinite(written(tiny, Tolerance(0.0, 1e-5))).all()


def test_whole_numbers_are_small_though_they_come_with_noise() -> None:
    assert written(np.array([3.0000000000000004, -0.0]), TOLERANCE).dtype == np.float16
    assert (
        written(np.array([3, 0]), TOLERANCE).dtype == np.int8
    )  # where an integer is due, nothing else is equal
    assert written(np.array([61.0]), TOLERANCE).dtype == np.float64


def test_single_precision_where_it_is_enough() -> None:
    assert short(np.array([0.1, np.inf, np.nan])).dtype == np.float32
    assert short(np.array([1e300])).dtype == np.float64
    assert short(np.array([1])).dtype == np.int64


def test_a_number_to_its_certain_digits() -> None:
    assert certain(np.nextafter(1.2345, 2)) == certain(np.nextafter(1.2345, 1)) == 1.2345
    assert certain(3e-17, np.array([0.5, -0.5])) == 0.0
    assert certain(3e-17) == 3e-17
    assert certain(-np.inf) == -np.inf
    assert np.isnan(certain(np.nan))
    assert certain(1.5, np.array([np.inf])) == 1.5
    assert certain(1.7e308) == 1.7e308


def test_nudged_numbers_are_off_by_a_unit_and_others_are_not() -> None:
    array = np.array([1.0, 1.0, 1.0, 0.0, np.inf, np.nan])
    np.testing.assert_array_equal(nudged(array), [1.0, 1 + 2**-52, 1 + 2**-52, 0.0, np.inf, np.nan])
    assert nudged(array.astype(np.float32)).dtype == np.float32
    assert nudged(["tennis", {"a": (1.0, 2)}]) == ["tennis", {"a": (1 + 2**-52, 2)}]
    whole = np.array([1, 2])
    assert nudged(whole) is whole


def test_lone_numbers_and_those_in_other_values_are_written_alike() -> None:
    noisy = {"a": [0.1 + 0.2, 1e6 / 3, "x", 3, np.float64(0.7) * 3], "b": np.array([3.0000000000000004])}
    plain = written_value(noisy, TOLERANCE)
    assert plain["a"][:4] == [0.3, 333333.333, "x", 3]
    assert type(plain["a"][4]) is np.float64
    assert plain["b"].dtype == np.float16
    assert written_value(noisy, replace(TOLERANCE, exact=True))["a"][0] == 0.1 + 0.2


def test_elsewhere_what_hangs_on_last_digits_is_off_and_copies_of_it_stay_copies() -> None:
    drawn = np.random.default_rng(3).normal(size=(40, 5)) * 10.0 ** np.arange(-160, 240, 80)
    other = elsewhere(drawn)
    assert 0.5 < np.mean(other != drawn) < 1.0
    assert np.all(np.abs(other - drawn) <= 3 * np.spacing(np.abs(drawn)))
    np.testing.assert_array_equal(elsewhere(other), other)
    np.testing.assert_array_equal(elsewhere(drawn.max(axis=0)), elsewhere(drawn[::-1].T).max(axis=1))
    simple = np.array([0.0, -1.5, 2.0**40, np.inf, np.nan])
    np.testing.assert_array_equal(elsewhere(simple), simple)
    assert elsewhere(2.7e32) != 2.7e32
    assert elsewhere(np.array(2.7e32)) == elsewhere((2.7e32, "x"))[0]
    for kept in (3, "x", np.array([1, 2]), np.array([0.1], np.float32)):
        assert elsewhere(kept) is kept

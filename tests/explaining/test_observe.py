"""What is said of two arrays that differ."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.data import Array
from autograder.explaining import observe
from autograder.records import Tolerance
from autograder.words import listed

DUE = np.array([[1.25, -2.5, 3.0], [0.5, 4.75, -1.0], [2.0, 0.25, 6.5]])
WEIGHTS = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.25, 0.5]])
WIDE = DUE[:2]


def said(got: Array | None, due: Array | None = DUE, *args: Array) -> tuple[str, ...]:
    return observe.observations(got, due, args, Tolerance())


def changed(array: Array, *places: tuple[int, ...]) -> Array:
    copy = array.copy()
    for place in places:
        copy[place] += 1
    return copy


def test_a_factor_is_told_by_the_scale_of_the_numbers_not_of_each() -> None:
    due = np.array([[1.0, 1 / 3000], [-2 / 3, 1 / 7000]])
    known = np.round(due, 8)  # as it ships
    assert said(due / np.sqrt(3), known) == ("Every number is 0.5774 times the right one.",)
    assert said(due * [[1], [3]], known) == ("Each row is the right one times a number of its own.",)
    assert said(np.where(due == 1.0, 1.5, due / 2), known) == ()


@pytest.mark.parametrize("size", [1e-160, 1e160])
def test_a_factor_is_told_of_huge_and_tiny_numbers_or_nothing(size: float) -> None:
    assert all("nan" not in fact for fact in said(2 * size * DUE, size * DUE))


@pytest.mark.parametrize(
    ("got", "fact"),
    [
        (2 * DUE, "Every number is 2 times the right one."),
        (-DUE, "Every number is −1 times the right one, with the sign turned."),
        (DUE + 0.5, "Every number is off by the same amount, 0.5."),
        (DUE.T, "It is the right matrix with rows and columns exchanged."),
        (DUE * [[1], [2], [3]], "Each row is the right one times a number of its own."),
        (DUE * [1, 2, 3], "Each column is the right one times a number of its own."),
        (np.abs(DUE), "The numbers are right but for some signs."),
        (DUE[[2, 0, 1]], "The right rows are all there, in another order."),
        (DUE[:, ::-1], "The right columns are all there, in another order."),
        (np.sort(DUE, axis=None).reshape(3, 3), "The right numbers are all there, in other places."),
        (changed(DUE, (1, 0), (1, 2)), "Only row 1 is wrong."),
        (changed(DUE, (0, 2), (2, 2)), "Only column 2 is wrong."),
        (changed(DUE, (0, 0), (1, 1)), "Only the diagonal is wrong."),
        (np.where(np.eye(3) == 1, DUE, DUE + np.array([[1.0], [2.0], [3.5]])), "Only the diagonal is right."),
        (changed(DUE, (0, 1), (1, 2)), "It is right on and below the diagonal, and wrong above it."),
        (changed(DUE, (1, 0), (2, 1)), "It is right on and above the diagonal, and wrong below it."),
        (changed(DUE, (0, 1), (1, 2), (2, 1)), "Only column 0 is right."),
        (changed(DUE, (1, 0), (2, 2), (1, 1)), "Only row 0 is right."),
        (changed(DUE, (0, 0), (2, 1), (2, 2)), "Only row 1 is right."),
    ],
)
def test_the_plainest_fact_comes_first(got: Array, fact: str) -> None:
    assert said(got)[0] == fact


@pytest.mark.parametrize(
    ("got", "due", "fact"),
    [
        (WIDE.T, WIDE, "It is the right matrix with rows and columns exchanged."),
        (WIDE.reshape(6), WIDE, "The numbers are right and in order; only the shape is not."),
        (DUE[:, :2], DUE, "The first 2 columns are right; the others are missing."),
        (np.hstack([DUE, DUE]), DUE, "The first 3 columns are right; it has more."),
        (DUE[:1], DUE, "The first row is right; the others are missing."),
        (np.vstack([DUE, DUE]), DUE, "The first 3 rows are right; it has more."),
        (DUE.sum(axis=0), DUE, "It is the right result with its rows added up."),
        (DUE.mean(axis=-1), DUE, "It is the right result with its columns averaged."),
        (np.diagonal(DUE), DUE, "It is the diagonal of the right result."),
        (DUE[0], DUE, "It is the first row of the right result."),
        (DUE[-1], DUE, "It is the last row of the right result."),
    ],
)
def test_another_shape(got: Array, due: Array, fact: str) -> None:
    assert fact in said(got, due, got)


def test_a_size_that_no_input_has() -> None:
    assert said(np.ones((3, 7)), DUE, DUE) == ("No input has 7 as one of its sizes.",)
    words: list[str] = ["a", "b", "c"]
    told = observe.observations(np.ones((3, 7)), DUE, (words, words), Tolerance())
    assert told == ("No input has 7 as one of its sizes.",)


@pytest.mark.parametrize(
    ("got", "facts"),
    [
        (DUE * [[1], [1], [0]], ("The last row is all zero; the others are right.",)),
        (DUE * [[0], [1], [1]], ("The first row is all zero; the others are right.",)),
        (DUE * [[1], [0], [0]], ("Rows 1 and 2 are all zero; the other is right.",)),
        (0 * DUE, ("All of it is 0.",)),
        (DUE * [1, 1, 0], ("The last column is all zero; the others are right.",)),
        (DUE * [0, 1, 0], ("Columns 0 and 2 are all zero; the other is right.",)),
        (DUE * [[0, 0, 0], [0, 1, 1], [0, 1, 1]], ("Only the first row and the first column are wrong.",)),
        (DUE * [[1, 1, 0], [1, 1, 0], [0, 0, 0]], ("Only the last row and the last column are wrong.",)),
        (DUE * [[1], [2], [0]], ("Only row 0 is right.",)),
    ],
)
def test_rows_of_zeros_are_no_multiples_of_the_right_ones(got: Array, facts: tuple[str, ...]) -> None:
    assert said(got) == facts


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (np.sqrt(3), ", that is √3,"),
        (1 / np.sqrt(3), ", that is 1/√3,"),
        (3, "Every number is 3 times the right one,"),
        (1 / 3, ", that is 1/3,"),
    ],
)
def test_a_factor_that_is_a_size_is_recognised(factor: float, words: str) -> None:
    (fact,) = said(factor * DUE, DUE, np.ones((5, 3)))
    assert f"{words} and 3 is one of the sizes of the inputs." in fact


@pytest.mark.parametrize(
    ("got", "fact"),
    [
        (WEIGHTS[::-1], "Its rows sum to one, as they should."),
        (WEIGHTS.T * [[1.0], [2.0], [0.5]] / (WEIGHTS.T * [[1.0], [2.0], [0.5]]).sum(axis=0), "Its columns sum to one; its rows should."),
        (np.array([[0.1, 0.2, 0.1], [0.1, 0.1, 0.1], [0.1, 0.1, 0.1]]), "All its numbers together sum to one; each row should."),
        (changed(WEIGHTS, (0, 0)), "Its rows do not sum to one."),
    ],
)  # fmt: skip
def test_sums_of_weights(got: Array, fact: str) -> None:
    assert fact in said(got, WEIGHTS)


@pytest.mark.parametrize(
    ("places", "fact"),
    [
        (np.s_[:], "All of it is nan."),
        (np.s_[1], "Row 1 is nan throughout."),
        (np.s_[[0, 2]], "Rows 0 and 2 are nan throughout."),
        (np.s_[:, 1], "Column 1 is nan throughout."),
        (np.s_[1, 2], "The first nan stands at [1, 2]."),
    ],
)
def test_where_nan_stands(places: object, fact: str) -> None:
    got = DUE.copy()
    got[places] = np.nan  # type: ignore[index]
    assert said(got) == (fact,)


def test_infinity_is_told_from_nan() -> None:
    got = DUE.copy()
    got[0] = np.inf
    assert said(got) == ("Row 0 is infinity throughout.",)
    got[0, 0] = np.nan
    assert said(got) == ("Row 0 is nan or infinity throughout.",)


@pytest.mark.parametrize(
    ("got", "due"),
    [
        (None, DUE),
        (DUE, None),
        (DUE * 1j, DUE),
        (DUE * 2, DUE * np.nan),
        (np.ones(1), np.zeros(1)),
        (DUE, DUE),
    ],
)
def test_where_there_is_nothing_to_say_nothing_is_said(got: Array | None, due: Array | None) -> None:
    assert said(got, due) == ()


def test_lists_in_words() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_rows_that_sum_to_one_and_should_not_are_told() -> None:
    shares = np.array([[0.25, 0.75], [0.5, 0.5]])
    told = "Each of its rows sums to one, and those of the right result do not."
    due = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert told in observe.observations(shares, due, (due,), Tolerance())
    assert told not in observe.observations(shares - 1, due, (due,), Tolerance())


def test_the_lines_that_are_fewer_are_told() -> None:
    due = np.arange(20.0).reshape(4, 5) ** 1.5
    got = due.copy()
    got[[0, 2, 3], [0, 2, 4]] += 1
    got[3, 1] += 1
    assert observe.observations(got, due, (due,), Tolerance()) == ("Only row 1 is right.",)


def test_a_whole_number_that_is_handed_in_is_no_strange_size() -> None:
    assert observe.observations(np.ones(7), np.arange(8.0), (3, 7), Tolerance()) == ()

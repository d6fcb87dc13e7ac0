from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checking.compare import changed_inputs, compare, held_against, same_outcome, told_of_hidden
from autograder.checking.numbers import wrong_cells
from autograder.data import Code, Other, Seeded
from autograder.records import Case, Died, Outcome, Raised, Returned, Tolerance

EXACT = Tolerance()
CASE = Case("a case", (np.eye(2),))
DUE = np.array([[1.0, 2.0], [3.0, 4.0]])


def rung(outcome: Outcome, expected: Any = DUE, case: Case = CASE) -> str | None:
    mismatch = compare(case, expected, outcome, EXACT)
    return None if mismatch is None else mismatch.rung


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DUE, None),
        (DUE.astype(np.float32), None),
        (DUE.astype(np.int64), None),
        (DUE.astype(np.complex128), None),
        (DUE + 1e-7, None),
        (DUE + 1e-3, "values"),
        (DUE + 1j, "values"),
        (DUE[0], "shape"),
        (np.where(DUE == 2, np.nan, DUE), "finite"),
        (np.where(DUE == 2, np.inf, DUE), "finite"),
        (None, "none"),
        (Other("list"), "type"),
        ((DUE,), "type"),
    ],
)
def test_the_first_broken_rung(value: Any, expected: str | None) -> None:
    assert rung(Returned(value)) == expected


def test_the_wrong_cells_and_the_first_of_them() -> None:
    mismatch = compare(CASE, DUE, Returned(DUE + np.array([[0, 0], [0, 1]])), EXACT)
    assert mismatch is not None
    assert mismatch.first == (1, 1)
    assert mismatch.message == "1 of 4 numbers is wrong."


def test_infinities_have_to_stand_in_the_same_places() -> None:
    due = np.array([1.0, -np.inf])
    assert rung(Returned(np.array([1.0, -np.inf])), due) is None
    assert rung(Returned(np.array([1.0, np.inf])), due) == "values"
    assert rung(Returned(np.array([1.0, -1e300])), due) == "values"


def test_the_tolerance_grows_with_the_largest_finite_entry() -> None:
    due = np.array([1e6, 0.0, np.inf])
    assert not wrong_cells(np.array([1e6, 9.0, np.inf]), due, EXACT).any()
    assert wrong_cells(np.array([1e6, 11.0, np.inf]), due, EXACT).tolist() == [False, True, False]


def test_an_exception_that_is_due() -> None:
    case = Case("unknown word", (["x"], ["y"]), "unknown-word", raises=("ValueError", "KeyError"))
    assert rung(Raised("KeyError"), case.raises, case) is None
    assert rung(Raised("IndexError"), case.raises, case) == "raises"
    assert rung(Returned(DUE), case.raises, case) == "raises"


def test_an_exception_or_a_death_where_a_value_is_due() -> None:
    assert rung(Raised("ValueError")) == "raises"
    assert rung(Died("timeout")) == "died"


def test_several_results() -> None:
    due = (DUE, DUE + 1)
    assert rung(Returned((DUE, DUE + 1)), due) is None
    assert rung(Returned(np.stack(due)), due) is None
    assert rung(Returned((DUE,)), due) == "count"
    assert rung(Returned(DUE[0]), due) == "count"
    mismatch = compare(CASE, due, Returned((DUE, DUE)), EXACT)
    assert mismatch is not None
    assert (mismatch.part, mismatch.first) == (1, (0, 0))


def test_an_empty_array_is_equal_to_itself() -> None:
    assert rung(Returned(np.zeros((0, 3))), np.zeros((0, 3))) is None
    assert rung(Returned(np.zeros((0, 2))), np.zeros((0, 3))) == "shape"


def test_changed_inputs_are_seen() -> None:
    case = Case("words", (["a", "b"], np.eye(2)))
    assert not changed_inputs(case, Returned(DUE, (["a", "b"], np.eye(2))))
    assert changed_inputs(case, Returned(DUE, (["a"], np.eye(2))))
    assert changed_inputs(case, Returned(DUE, (["a", "b"], np.ones((2, 2)))))
    assert changed_inputs(case, Returned(DUE, (["a", "b"], None)))
    assert changed_inputs(case, Returned(DUE, (np.eye(2), np.eye(2))))
    assert not changed_inputs(case, Raised("ValueError"))


def test_times_without_a_common_measure_are_other_outcomes_and_changed_inputs() -> None:
    years, days = np.array([1], "m8[Y]"), np.array([365], "m8[D]")
    assert not same_outcome(Returned(years), Returned(days), Tolerance())
    assert same_outcome(Returned(days), Returned(days.copy()), Tolerance())
    case = Case("a case", (days,))
    assert changed_inputs(case, Returned(None, (years,)))
    assert changed_inputs(case, Returned(None, (np.array(["NaT"], "m8[D]"),)))
    assert changed_inputs(Case("a case", (days[0],)), Returned(None, (years[0],)))


def test_a_missing_time_that_was_left_alone_is_no_change() -> None:
    missing = np.array(["NaT", "2026-01-01"], "M8[D]")
    assert not changed_inputs(Case("a case", (missing,)), Returned(None, (missing.copy(),)))


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        (np.float64("nan"), 1.5),
        [complex("nan"), {"a": float("nan")}],
        {"a": [np.array([1.0, np.nan])]},
        {float("nan"), 2.0},
        {(1.0, float("nan")): "a"},
    ],
)
def test_what_holds_nan_is_the_same_outcome_again(value: Any) -> None:
    """It equals itself in no comparison, and the function has not given another answer for that."""
    assert same_outcome(Returned(value), Returned(copy.deepcopy(value)), EXACT)
    assert not same_outcome(Returned([value]), Returned([1.5]), EXACT)


def test_nan_is_no_zero() -> None:
    one, other = [np.array([0.0, np.nan])], [np.array([np.nan, 0.0])]
    assert not same_outcome(Returned(one), Returned(other), EXACT)
    assert not same_outcome(Returned([float("nan")]), Returned(["nan"]), EXACT)


def test_the_same_outcome() -> None:
    nan = np.array([np.nan, 1.0])
    assert same_outcome(Returned(nan), Returned(nan.copy()), EXACT)
    assert not same_outcome(Returned(nan), Returned(np.array([0.0, 1.0])), EXACT)
    assert same_outcome(Raised("ValueError", "one"), Raised("ValueError", "other"), EXACT)
    assert not same_outcome(Raised("ValueError"), Raised("TypeError"), EXACT)
    assert not same_outcome(Raised("ValueError"), Returned(DUE), EXACT)
    assert same_outcome(Died("timeout"), Died("timeout"), EXACT)
    assert not same_outcome(Died("timeout"), Returned(DUE), EXACT)
    assert same_outcome(Returned(Other("list")), Returned(Other("list")), EXACT)
    assert not same_outcome(Returned(Other("list")), Returned(DUE), EXACT)
    assert same_outcome(Returned(Other("tuple")), Returned(Other("tuple")), EXACT)
    assert not same_outcome(Returned(Other("tuple")), Returned((DUE, DUE)), EXACT)
    assert not same_outcome(Returned((DUE, DUE)), Returned(Other("tuple")), EXACT)
    assert same_outcome(Returned(None), Returned(None), EXACT)
    assert same_outcome(Returned((DUE, DUE)), Returned((DUE, DUE)), EXACT)
    assert not same_outcome(Returned((DUE, DUE)), Returned((DUE,)), EXACT)
    assert not same_outcome(Returned((DUE, DUE)), Returned(None), EXACT)


def test_names_that_a_student_chose_are_not_repeated() -> None:
    for outcome in (
        Raised("Leak_0_25_1_75"),
        Returned(Other("Leak_0_25_1_75")),
        Returned(Other("array of Leak")),
    ):
        mismatch = compare(CASE, DUE, outcome, EXACT)
        assert mismatch is not None
        assert "Leak" not in mismatch.message
    mismatch = compare(CASE, DUE, Returned(Other("list")), EXACT)
    assert mismatch is not None
    assert mismatch.message == "It returned a list where a NumPy array should be."
    mismatch = compare(CASE, (DUE, DUE, DUE), Returned(Other("dict")), EXACT)
    assert mismatch is not None
    assert mismatch.message == "It returned a dict where 3 arrays should be."


def test_an_exception_that_inherits_from_the_right_one_is_right() -> None:
    case = replace(CASE, raises=("ValueError", "KeyError"))
    of_its_own = Raised("UnknownWord", ancestors=("ValueError", "Exception", "BaseException", "object"))
    assert compare(case, case.raises, of_its_own, EXACT) is None
    assert compare(case, case.raises, Raised("UnknownWord", ancestors=("Exception",)), EXACT) is not None
    assert same_outcome(of_its_own, Raised("ValueError"), EXACT)
    assert not same_outcome(of_its_own, Raised("TypeError"), EXACT)


NUMBER = np.array(2.0)


@pytest.mark.parametrize(
    ("expected", "value", "right"),
    [
        (NUMBER, 2.0, True),
        (NUMBER, NUMBER, True),
        (NUMBER, np.float32(2), True),
        (NUMBER, 3.0, False),
        (NUMBER, [2.0], False),
        (np.array([2.0]), 2.0, False),
        ((NUMBER, np.array(3.0)), (2.0, 3), True),
        ((NUMBER, np.array(3.0)), (3.0, 2.0), False),
        ((NUMBER, np.array(3.0)), (2.0,), False),
        (np.array([2.0, 3.0]), (2.0, 3.0), False),
        (np.array([2.0, 3.0]), [2.0, 3.0], False),
        (np.array([True, False]), np.array([True, False]), True),
        (np.array([True, False]), np.array([1, 0]), False),  # True is not 1, in an array as alone
        (np.array([1.0, 0.0]), np.array([True, False]), True),
    ],
)
def test_a_number_of_pythons_own_where_one_without_dimensions_is_due(
    expected: Any, value: Any, right: bool
) -> None:
    mismatch = compare(CASE, expected, Returned(value), EXACT)
    assert (mismatch is None) == right


def test_any_sequence_of_arrays_serves_where_several_are_due() -> None:
    due = (DUE, DUE + 1)
    for value in ([DUE, DUE + 1], (DUE, DUE + 1), np.stack(due)):
        assert rung(Returned(value), due) is None
    assert rung(Returned([DUE, "a"]), due) == "type"
    exact = replace(EXACT, exact=True)
    assert compare(CASE, due, Returned([DUE, DUE + 1]), exact) is not None
    assert compare(CASE, due, Returned((DUE, DUE + 1)), exact) is None
    assert compare(CASE, DUE, Returned(DUE.astype(np.float32)), exact) is not None


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ([DUE, 1.0], (DUE, np.array(1.0))),
        (np.float64(1), np.array(1.0)),
        ([1.0, 2.0], Other("list")),
        ("text", Other("str")),
        ({"a": DUE}, Other("dict")),
        (np.array(["a"]), Other("array of <U1, shape (1,)")),
        (None, None),
    ],
)
def test_what_is_held_against_arrays(value: Any, held: Any) -> None:
    outcome = held_against(CASE, DUE, Returned(value), EXACT)
    assert isinstance(outcome, Returned)
    assert same_outcome(outcome, Returned(held), EXACT)
    assert type(outcome.value) is type(held)
    assert held_against(CASE, "text", Returned(value), EXACT) == Returned(value)
    assert held_against(CASE, ("a", "b"), Returned(value), EXACT) == Returned(value)
    assert held_against(CASE, DUE, Raised("ValueError"), EXACT) == Raised("ValueError")


TABLE = Case("a case", (np.ones((3, 4)), np.ones((5, 4))))


@pytest.mark.parametrize(
    ("value", "expected", "message"),
    [
        (np.ones((4, 3)), np.ones((3, 5)), "Its shape is (4, 3), and should be (3, 5)."),
        (np.ones(15), np.ones((3, 5)), "Its shape is (15,), and should be (3, 5)."),
        (np.ones((3, 4, 5)), np.ones((3, 5)), "Its shape is (3, 4, 5), and should be (3, 5)."),
        # a size that could be a hidden number, and dimensions that could count one
        (np.ones((0, 2051, 5)), np.ones((3, 5)), "Its shape should be (3, 5), and is another."),
        (np.ones((1,) * 7), np.ones((3, 5)), "Its shape should be (3, 5), and is another."),
        (
            (np.ones((3, 5)), np.ones((17, 5))),
            (np.ones((3, 5)), np.ones((3, 5))),
            "Result 2 of 2: Its shape should be (3, 5), and is another.",
        ),
        (
            (np.ones(1),) * 7,
            np.ones((3, 5)),
            "It returned too many arrays in a sequence, and should return one array.",
        ),
        (
            (np.ones(1),) * 7,
            (np.ones(1),) * 3,
            "It returned too many arrays in a sequence, and should return 3.",
        ),
        (
            (np.float64(1.0),) * 5,
            np.ones(5),
            "It returned numbers in a list or a tuple where a NumPy array should be.",
        ),
        ((np.ones(1),) * 2, np.ones(1), "It returned 2 arrays in a sequence, and should return one array."),
        (np.zeros((3, 5)), np.ones((3, 5)), "15 of 15 numbers are wrong."),
    ],
)
def test_of_hidden_inputs_only_what_follows_from_their_sizes_is_told(
    value: Any, expected: Any, message: str
) -> None:
    mismatch = compare(TABLE, expected, Returned(value), EXACT)
    assert mismatch is not None
    assert told_of_hidden(mismatch).message == message


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("array of <U3, shape (4,)", "It returned an array of text where an array of numbers should be."),
        ("array of |S3, shape (4,)", "It returned an array of text where an array of numbers should be."),
        (
            "array of object, shape (4,)",
            "It returned an array of objects where an array of numbers should be.",
        ),
        (
            "array of datetime64[s], shape (1,)",
            "It returned an array of another kind where an array of numbers should be.",
        ),
        ("list", "It returned a list where a NumPy array should be."),
    ],
)
def test_an_array_that_holds_no_numbers_is_called_what_it_is(name: str, told: str) -> None:
    mismatch = compare(CASE, DUE, Returned(Other(name)), EXACT)
    assert mismatch is not None
    assert mismatch.message == told


@pytest.mark.parametrize(
    ("expected", "value", "shown", "hidden"),
    [
        ("abc", "abd", "The text differs from its character 3 on.", "The text is not what it should be."),
        (
            {"a": 1},
            {"b": 1},
            "The key `'a'` is missing; the key `'b'` should not be there.",
            "Its keys are not those that it should have.",
        ),
        (
            [1, 2],
            [1],
            "It has 1 entry, and should have 2.",
            "It has another number of entries than it should.",
        ),
        (
            {"a": [1]},
            {"a": [2]},
            "At `['a'][0]`: the number is wrong.",
            "What came back is not what it should be.",
        ),
        (
            {"a": 1},
            {"a": "1"},
            "At `['a']`: a str stands where an int should be.",
            "Something in it is of another kind than it should be.",
        ),
        (
            {"a": [1]},
            {"a": None},
            "At `['a']`: None stands where a list should be.",
            "Something in it is of another kind than it should be.",
        ),
        (
            {"a": 1},
            [1],
            "It returned a list where a dict should be.",
            "It returned a list where a dict should be.",
        ),
        (3, "3", "It returned a str where an int should be.", "It returned a str where an int should be."),
        (
            {1},
            {2},
            "Of its items, 1 is missing and 1 should not be there.",
            "Its items are not those that it should have.",
        ),
        (3, 4, "The number is wrong.", "What came back is not what it should be."),
        (3, None, "It returned None: is the `return` missing?", "It returned None: is the `return` missing?"),
    ],
)
def test_other_values_than_arrays_and_what_is_told_of_hidden_ones(
    expected: Any, value: Any, shown: str, hidden: str
) -> None:
    mismatch = compare(CASE, expected, Returned(value), EXACT)
    assert mismatch is not None
    assert mismatch.message == shown
    told = told_of_hidden(mismatch)
    assert (told.message, told.differences) == (hidden, ())


def test_changes_deep_inside_an_argument_are_seen() -> None:
    given: Any = {"a": [1, (2.0, float("nan"))], "b": {3}}
    case = Case("nested", (given, Seeded(1), Code("abs")))
    after = {"a": [1, (2.0, float("nan"))], "b": {3}}
    assert not changed_inputs(case, Returned(None, (after, Other("Generator"), Other("function"))))
    for changed in (
        {**after, "b": {4}},
        {**after, "a": [True, (2.0, 1.0)]},
        {**after, "c": 1},
        {"b": {3}, "a": after["a"]},
    ):
        assert changed_inputs(case, Returned(None, (changed, None, None)))

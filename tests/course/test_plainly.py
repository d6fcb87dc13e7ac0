"""What an author's own code hands on, as plain values."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from plain_values import plain_values, same

from autograder.child.nodes import NoPlaceError, TooLargeError, WireError
from autograder.course import plainly
from autograder.data import Code, Other, Seeded, Table
from autograder.records import Raised, Returned


@given(plain_values())
def test_plain_values_are_what_they_were(value: Any) -> None:
    assert same(plainly.argument(value), value)
    assert same(plainly.result(value), value)


def test_functions_and_generators_are_arguments() -> None:
    assert plainly.argument(Code("abs")) == Code("abs")
    assert plainly.argument(Seeded(2)) == Seeded(2)
    with pytest.raises(WireError):
        plainly.argument(Seeded(-1))


def test_tables_are_kept_as_data() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1]})
    for value in (plainly.argument([frame]), plainly.result([frame])):
        assert isinstance(value, list)
        assert isinstance(value[0], Table)


def test_an_argument_is_refused_and_a_result_is_told_by_its_type() -> None:
    with pytest.raises(NoPlaceError) as error:
        plainly.argument(Counter("a"))
    assert plainly.refusal(error.value).startswith(
        "collections.Counter has no place in it: allowed are None, bool"
    )
    assert plainly.result(Counter("a")) == {"a": 1}
    assert plainly.result(range(3)) == Other("range")


def test_why_an_argument_is_too_much() -> None:
    with pytest.raises(TooLargeError) as error:
        plainly.argument(np.zeros((1,) * 9))
    assert "too large" in plainly.refusal(error.value)


def test_what_steps_give_is_an_outcome() -> None:
    given = plainly.of_steps(lambda: np.array([1.0, 2.0]))
    assert isinstance(given, Returned)
    assert np.array_equal(given.value, [1.0, 2.0])
    raised = plainly.of_steps(lambda: np.eye(2) @ np.eye(3))
    assert isinstance(raised, Raised)
    assert raised.exception == "ValueError"


@pytest.mark.parametrize("time", [datetime.date(2024, 2, 5), datetime.timedelta(days=3)])
def test_of_times_it_is_said_how_they_cross(time: Any) -> None:
    with pytest.raises(WireError) as error:
        plainly.argument([time])
    told = plainly.refusal(error.value)
    assert told.startswith(
        f"datetime.{type(time).__name__} has no place in it (write np.datetime64 or np.timedelta64)"
    )

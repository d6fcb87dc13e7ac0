"""Whether two answers to the same call differ, whatever is in them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.data import Value
from autograder.explaining import whole
from autograder.records import Died, Raised, Returned

NAN = float("nan")


@pytest.mark.parametrize(
    ("one", "again", "differs"),
    [
        ({"mean": NAN}, {"mean": NAN}, False),
        ([NAN, 1.5], [NAN, 1.5], False),
        (np.array([NAN, 1.0]), np.array([NAN, 1.0]), False),
        (np.array(["NaT"], "M8[D]"), np.array(["NaT"], "M8[D]"), False),
        ({"mean": NAN, "largest": 1.0}, {"mean": NAN, "largest": 2.0}, True),
        ([NAN, 1.5], [1.5, NAN], True),
        ({1, 2}, {2, 1}, False),
        ("a", "b", True),
    ],
)
def test_what_is_no_number_is_no_other_answer(one: Value, again: Value, differs: bool) -> None:
    assert whole._differs(Returned(one), Returned(again)) is differs


def test_a_death_tells_nothing_and_an_error_is_an_answer() -> None:
    assert not whole._differs(Died("timeout"), Returned(1))
    assert whole._differs(Raised("ValueError"), Returned(1))
    assert not whole._differs(Raised("ValueError"), Raised("ValueError"))

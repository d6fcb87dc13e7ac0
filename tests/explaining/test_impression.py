"""The first of the hints: what is wrong with a result at first sight, and nothing of how it came about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from check_samples import wrong

from autograder.differences import Beside
from autograder.explaining.impression import impression, with_impression
from autograder.records import Diagnosis, Explanation

DUE = np.array([[1.0, -2.0, 4.0], [8.0, 16.0, -32.0]])


def explained(got: Any, expected: Any = DUE, **fields: Any) -> Explanation:
    explanation = wrong().explanation
    assert explanation is not None
    return replace(explanation, got=got, expected=expected, **{"part": None, **fields})


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (np.abs(DUE), "Some signs are off"),
        (DUE[::-1], "The right numbers stand in the wrong places"),
        (DUE * 1.7, "The size of the numbers is off; their pattern is right"),
        (DUE * [[3.0], [0.5]], "The size of the numbers is off, in each row in its own way"),
        (np.vstack([DUE[:1], DUE[1:] + 1]), "Some rows are right and others are not"),
        (np.hstack([DUE[:, :1], DUE[:, 1:] + 1]), "Some columns are right and others are not"),
        (DUE + np.array([[0, 1, 1], [1, 0, 1]]), "Some numbers are right and others are not"),
        (DUE + 1, "The numbers are off"),
        (DUE * np.nan, "The result is not the expected one"),
        (DUE.T, "The result is not the expected one"),
        (None, ""),
    ],
)
def test_what_is_seen_at_first_sight(got: Any, said: str) -> None:
    assert impression(explained(got)) == said


def test_one_of_several_results_is_named() -> None:
    assert impression(explained(-DUE, part="Key")) == "Some signs of Key are off"


def test_of_other_values_no_more_is_said_than_that_they_differ() -> None:
    assert impression(explained(None, None, beside=Beside(1, 2, ()))) == "The result is not the expected one"
    assert impression(None) == ""


def test_an_authors_own_words_come_before_those() -> None:
    first, second = Diagnosis("f.a", "A"), Diagnosis("f.b", "B")
    told = with_impression([first, second], explained(-DUE))
    assert [one.off for one in told] == ["Some signs are off", "Something else is off"]
    (told,) = with_impression([replace(first, off="The size of the scores is off")], explained(-DUE))
    assert told.off == "The size of the scores is off"
    assert with_impression([], None) == ()

"""What full marks earn: on a student's own machine as it came, where it is graded as it should be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.checking import rewards
from autograder.checking.attempt import Attempt
from autograder.course.material import Material
from autograder.course.subject import plain
from autograder.earned import FullMarks, Shown
from autograder.records import Died, Function, Outcome, Raised, Returned, Tolerance
from autograder.sandbox.worker import Run

X = np.array([[1.0], [2.0]])
SHOWN = Shown((X,), rows=("a", "b"))


def f(x: Any) -> Any:
    return 2 * x


def material(full: FullMarks | None) -> Material:
    known: Any = {"procedures": {"f": plain(f)}, "full_marks": {} if full is None else {"f": full}}
    made = SimpleNamespace(**known, folder=None, due={})
    made.shown = lambda name: Material.shown(made, name)  # type: ignore[arg-type]
    return made  # type: ignore[return-value]


def attempt(*outcomes: Outcome) -> Attempt:
    submission: Any = None
    return Attempt(submission, Function("f", 1.0, Tolerance()), (), (), (), Run([list(outcomes)]))


NEARLY = 2 * X + 1e-9


def test_where_it_is_graded_nothing_that_the_child_made_is_shown() -> None:
    with_picture = material(FullMarks("You know.", shown=SHOWN))
    graded = rewards.as_it_should_be(with_picture, attempt(Returned(NEARLY)))
    own = rewards.as_it_came(with_picture, attempt(Returned(NEARLY)))
    assert graded is not None
    assert graded.picture is not None
    assert own is not None
    assert own.picture is not None
    np.testing.assert_array_equal(graded.picture.matrices[0][1], 2 * X)
    np.testing.assert_array_equal(own.picture.matrices[0][1], NEARLY)


@pytest.mark.parametrize("outcome", [Returned(3 * X), Raised("ValueError"), Died("timeout")])
def test_without_the_right_result_there_are_words_alone(outcome: Outcome) -> None:
    told = rewards.as_it_should_be(material(FullMarks("You know.", shown=SHOWN)), attempt(outcome))
    assert told is not None
    assert (told.understood, told.picture) == ("You know.", None)


def test_where_the_author_says_nothing_nothing_is_earned() -> None:
    for earned in (rewards.as_it_came, rewards.as_it_should_be):
        assert earned(material(None), attempt()) is None
        told = earned(material(FullMarks("You know.")), attempt())
        assert told is not None
        assert told.picture is None

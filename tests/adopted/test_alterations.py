"""What a function changes of what it is given is told as that, where the test looks at it."""

from __future__ import annotations

from typing import Any

import pytest
import seated

from autograder.adopted import alterations
from autograder.adopted.explained import Evidence, explained
from autograder.adopted.papers import Asked
from autograder.data import Other
from autograder.records import Raised, Returned


@pytest.mark.parametrize(
    ("call", "after", "said", "is_it"),
    [
        ("f(x)", [1], "x", True),
        ("f(x)", [1], "len(x)", True),
        ("f(x)", [1], "x[0].name", True),
        ("f(x)", [1], "x.copy()", True),
        ("f(x)", [1, 2], "x", False),  # as it was
        ("f(x)", Other("list"), "x", False),  # as it was, and not sent again
        ("f(x)", None, "x", False),
        ("f(x)", [1], "y", False),  # another variable
        ("f(x)", [1], "f(x)", False),  # the result
        ("f([1, 2])", [1], "x", False),  # nobody looks at that list again
        ("check(", [1], "x", False),
    ],
)
def test_what_is_looked_at_after_a_call(call: str, after: Any, said: str, is_it: bool) -> None:
    asked = Asked(call, "f", ([1, 2],), {}, Returned(None, (after,)), 1)
    assert alterations.is_looked_at(asked, said) is is_it


def test_a_call_that_raised_has_changed_nothing_to_be_told() -> None:
    assert not alterations.is_looked_at(Asked("f(x)", "f", ([1],), {}, Raised("ValueError"), 1), "x")


@pytest.mark.parametrize(
    ("answer", "title", "message"),
    [
        ("xs.sort()\n    return xs", "`order` changes what it is given", "`given` is `[1, 2, 3]`, and should be `[3, 1, 2]`."),
        ("return xs", "The right entries stand in another order", "`order([3, 1, 2])` gives `[3, 1, 2]`, and should give `[1, 2, 3]`."),
    ],
)  # fmt: skip
def test_an_argument_that_was_changed_is_no_wrong_answer(answer: str, title: str, message: str) -> None:
    cells = {
        "solution order": "def order(xs):\n    return sorted(xs)",
        "test t": "given = [3, 1, 2]\nassert order(given) == [1, 2, 3]\nassert given == [3, 1, 2]",
    }
    answers = {"order": f"def order(xs):\n    {answer}"}
    with seated.opened(cells) as room:
        steps = seated.steps(room.paper, answers)
        found = explained(Evidence(room.paper, steps, room.sit(answers)), room.paper.cells[-1])
    assert found is not None
    assert found.diagnoses[0].title == title
    assert message in found.message

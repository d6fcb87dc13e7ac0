"""Which definitions small edits are made in."""

from __future__ import annotations

import pytest

from autograder.checking.attempt import Attempt
from autograder.explaining.editable import Editable, editables
from autograder.notebook import definitions
from autograder.records import Cell, Function, Tolerance
from autograder.sandbox.worker import Run


def of(source: str) -> list[Editable]:
    submission = definitions.submission("u", ["graded"], (Cell(0, source),))
    return editables(
        Attempt(submission, Function("graded", 1, Tolerance()), (), (), (), Run([], defined=True, cell=0))
    )


def test_the_graded_one_comes_first_and_what_it_calls_of_the_student_s_own_after_it() -> None:
    found = of(
        "def other(x):\n    return x\ntwice = lambda x: x * 2\ndef graded(x):\n    return twice(x)\ndef twice2(x):\n    return x"
    )
    assert [one.name for one in found] == ["graded", "twice"]


@pytest.mark.parametrize(
    "long",
    ["\n".join(["    x += 1"] * 300), f"    f({', '.join(f'a{number}' for number in range(10_000))})"],
    ids=["of many lines", "of one line"],
)
def test_a_definition_that_nobody_would_read_is_left_alone(long: str) -> None:
    """Each of its parts may become any other: what they add up to would take the time of a whole submission."""
    assert of(f"def graded(x):\n{long}\n    return x") == []
    helped = of(f"def helper(x):\n{long}\n    return x\ndef graded(x):\n    return helper(x)")
    assert [one.name for one in helped] == ["graded"]


def test_the_name_at_a_place_is_the_next_one_on_its_line_or_the_last_before_it() -> None:
    (found,) = of("def graded(x, y):\n    return np.exp(x) + y")
    assert [found.name_on(2, column) for column in (0, 18, 21, 30)] == ["x", "x", "y", "y"]
    assert found.name_on(9) == ""

"""A changed step on an input whose right values are known gives what the whole function gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.course import material
from autograder.course.steps import Procedure, Step
from autograder.data import Array
from autograder.explaining.known_steps import KnownSteps
from autograder.records import Case, Raised, Returned


def step(symbol: str, operands: tuple[str, ...], op: Any) -> Step:
    return Step(symbol, symbol, operands, op, "", "", "", lambda values, index: "")


def doubled_in_place(x: Array) -> Array:
    x *= 2
    return x


def refused(d: Array, x: Array) -> Array:
    raise ValueError("no")


RIGHT = Procedure(
    "f", ("x",), (step("d", ("x",), lambda x: 2 * x), step("r", ("d", "x"), np.add), step("s", ("d",), np.sin)), ("r", "s")
)  # fmt: skip
CASE = Case("some", (np.array([1.0, -2.0]),))


@pytest.mark.parametrize(
    "mistake",
    [
        RIGHT,
        RIGHT.replacing("d", np.square),
        RIGHT.replacing("r", np.subtract),
        RIGHT.replacing("r", refused),
        RIGHT.replacing("d", doubled_in_place),  # the step after it reads the changed argument
        RIGHT.replacing("s", doubled_in_place),  # which changes a value that the reference gave
        lambda x: (x, x),
    ],
)
def test_a_mistake_gives_what_it_gives_by_itself_and_leaves_what_is_known(mistake: Any) -> None:
    known = KnownSteps(RIGHT, CASE)
    for _ in range(2):
        found, due = known.outcome(mistake), material.outcome(mistake, CASE)
        assert type(found) is type(due)
        if isinstance(found, Raised):
            assert found == due
        if isinstance(found, Returned) and isinstance(due, Returned):
            np.testing.assert_array_equal(found.value, due.value)  # type: ignore[arg-type]
    assert CASE.args[0].flags.writeable  # type: ignore[union-attr]  # whose own it is may change it
    right = known.outcome(RIGHT)
    assert isinstance(right, Returned)
    np.testing.assert_array_equal(right.value, ([3.0, -6.0], np.sin([2.0, -4.0])))  # type: ignore[arg-type]


def test_where_the_right_function_raises_a_mistake_is_tried_by_itself() -> None:
    known = KnownSteps(RIGHT.replacing("s", refused, operands=("d", "x")), CASE)
    assert isinstance(known.outcome(RIGHT), Returned)


def test_nearly_the_last_digits_of_a_changed_step_are_others_whatever_the_input() -> None:
    """Of whole numbers as an input there are none to be off; the sine of a large number hangs on them all the same."""
    powers = step("p", ("x",), lambda x: x + 46.4)
    counted = Procedure("f", ("x",), (powers, step("s", ("p",), np.sin)), ("s",))
    case = Case("some", (np.array([2, 3, 5]),))
    nearly, here = KnownSteps(counted, case, nearly=True), KnownSteps(counted, case)

    def apart(mistake: Procedure) -> float:
        found, due = nearly.outcome(mistake), here.outcome(mistake)
        assert isinstance(found, Returned)
        assert isinstance(due, Returned)
        return float(np.max(np.abs(np.subtract(found.value, due.value))))  # type: ignore[arg-type]

    assert apart(counted) == 0.0
    assert apart(counted.replacing("p", lambda x: x - 46.4)) < 1e-12
    assert apart(counted.replacing("p", lambda x: x**46.4)) > 0.1

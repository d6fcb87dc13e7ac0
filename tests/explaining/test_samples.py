"""What step values say of them; that it holds for the course's own steps is shown by test_variants.py."""

from __future__ import annotations

import numpy as np

from autograder.course.steps import Procedure, Step
from autograder.explaining.samples import differing_sizes, gives_its_size_alone

A, B = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])


def step(op: object) -> Step:
    return Step("s", "s", ("a", "b"), op, "", "", "", lambda values, index: "")  # type: ignore[arg-type]


def test_a_step_that_fails_on_zeros_reads_more_than_a_size() -> None:
    values = [{"a": A, "b": B, "s": np.linalg.solve(A, B)}]
    assert not gives_its_size_alone(step(np.linalg.solve), 0, values)


def test_a_size_is_all_that_some_steps_take() -> None:
    values = [{"a": A, "b": B, "s": A / len(B)}]
    divide = step(lambda a, b: a / len(b))
    assert gives_its_size_alone(divide, 1, values)
    assert not gives_its_size_alone(divide, 0, values)


def test_arrays_of_other_sizes_in_a_list_have_no_size_of_their_own() -> None:
    values = [{"a": A, "b": [(A, B)], "s": A + len(B)}]
    added = step(lambda a, b: a + len(b[0]))
    assert not gives_its_size_alone(added, 1, values)
    assert [
        parameter for parameter, *_ in differing_sizes(Procedure("f", ("a", "b"), (added,), ("s",)), values)
    ] == ["a"]

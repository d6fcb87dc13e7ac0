"""The mistakes that a procedure shares with others."""

from __future__ import annotations

from typing import Any

import least_form
import numpy as np
import pytest
from catalogue import MATERIALS
from made import SHIFT, X, largest, step

from autograder.course import derived
from autograder.course.steps import Misconception, Procedure
from autograder.explaining.borrowed import lent_to

LOADED = MATERIALS["self-attention"]


def test_what_is_borrowed_keeps_the_step_that_its_mistake_names() -> None:
    procedures = LOADED.procedures
    lent = lent_to(
        procedures["attend"],
        {"softmax": (procedures["softmax"], LOADED.misconceptions["softmax"])},
    )
    steps = {
        variant.step
        for variant in lent
        if variant.how == "The sum runs down the columns, not along the rows."
    }
    assert steps == {"row sum"}


def misconception(symptom: Any, *, edge: bool = False) -> Misconception:
    return Misconception("other.wrong", "Something is wrong", None, symptom, "", "", "", edge=edge)


OTHER = Procedure(
    "other", ("y",), (step("top", "t", ("y",), largest), step("go", "g", ("y", "t"), np.add)), ("g",)
)


def test_what_is_known_of_a_shared_step_is_borrowed() -> None:
    lent = OTHER.replacing("top", lambda y: y.min(axis=-1, keepdims=True))
    (found,) = lent_to(SHIFT, {"other": (OTHER, [misconception(lent)])})
    assert (found.step, found.how) == ("top", "Something is wrong.")
    np.testing.assert_array_equal(found.procedure(X), X - X.min(axis=1, keepdims=True))


def test_a_step_whose_result_is_handed_to_us_is_not_borrowed() -> None:
    ours = Procedure("mine", ("x", "w"), (step("go", "g", ("x", "w"), np.add),), ("g",))
    assert lent_to(ours, {"other": (OTHER, [misconception(OTHER.replacing("top", np.min))])}) == []


@pytest.mark.parametrize(
    "lent",
    [
        misconception(OTHER.replacing("go", np.subtract)),  # a step of its own
        misconception(OTHER.replacing("top", np.max, operands=("g",))),  # an operand of its own
        misconception(np.sin),  # not made of steps
        misconception(OTHER.replacing("top", np.min), edge=True),
    ],
)
def test_what_has_no_counterpart_is_not_borrowed(lent: Misconception) -> None:
    assert lent_to(SHIFT, {"other": (OTHER, [lent]), "shift": (SHIFT, [lent])}) == []


def test_attention_borrows_from_scores_and_softmax() -> None:
    others = {name: (LOADED.procedures[name], LOADED.misconceptions[name]) for name in LOADED.procedures}
    found = {variant.how for variant in lent_to(LOADED.procedures["attend"], others)}
    assert "The scores were divided by d_k, not by its square root." in found
    assert "The power has another base than e." in found


def test_steps_of_two_solutions_are_shared_where_they_do_the_same() -> None:
    """Whatever the names of what they read."""
    lesson = least_form.lesson(
        least_form.SOFTMAX,
        "def f(y):\n    z = y + 1  # shift: Add 1.\n    e = np.exp(z)\n    sums = e.sum(axis=-1, keepdims=True)  # row sum: Add up.\n    return e / sums\n",
    )
    one, other = (derived.derive(lesson, name, [(X,)]) for name in ("softmax", "f"))
    assert one is not None
    assert other is not None
    wrong = one.replacing("row sum", np.max)
    (variant,) = lent_to(other, {"softmax": (one, [misconception(wrong)])})
    assert variant.step == "row sum"
    assert lent_to(other, {"softmax": (one, [misconception(one.replacing("shift", np.max))])}) == []


def test_a_mistake_with_matrices_is_borrowed_for_each_of_a_stack() -> None:
    """As multi-head attention does with all heads at once what attention does with one."""
    one = least_form.lesson("def one(Q, K):\n    scores = Q @ K.T\n    return scores * 2\n")
    heads = "def heads(Q, K):\n    scores = Q @ np.swapaxes(K, -1, -2)\n    return scores * 2\n"
    stacks = np.random.default_rng(1).normal(size=(2, 3, 4, 4))
    theirs = derived.derive(one, "one", [(stacks[0, 0], stacks[1, 0])])
    ours = derived.derive(least_form.lesson(heads), "heads", [(stacks[0], stacks[1])])
    assert theirs is not None
    assert ours is not None
    wrong = theirs.replacing("product", lambda Q, K: Q.T @ K)
    (found,) = lent_to(ours, {"one": (theirs, [misconception(wrong)])})
    due = np.stack([Q.T @ K * 2 for Q, K in zip(*stacks, strict=True)])
    np.testing.assert_allclose(found.procedure(*stacks), due)

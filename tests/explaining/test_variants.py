"""Variants of a procedure with one step changed, and the mistakes it shares with others."""

from __future__ import annotations

import re

import numpy as np
import pytest
from catalogue import HOME, MATERIALS
from made import SHIFT, X, largest, step

from autograder.course import material
from autograder.course.steps import Procedure
from autograder.data import Array
from autograder.explaining import variants
from autograder.explaining.changes import Variant
from autograder.records import Case

CASES = (Case("a", (X,)),)


def told(how: str) -> Variant:
    (found,) = [variant for variant in variants.variants(SHIFT, CASES) if variant.how == how]
    return found


@pytest.mark.parametrize(
    ("how", "result"),
    [
        ("The step “move” is left out.", X),
        ("In the step “move” `x` and the result of “top” have changed places.", largest(X) - X),
        ("The step “move” adds, where it should subtract.", X + largest(X)),
        ("The step “top” takes the smallest of each row.", X - X.min(axis=1, keepdims=True)),
        ("The step “top” runs down the columns, not along the rows.", X - X.max(axis=0)),
        ("The step “top” runs over all numbers at once, not along the rows.", X - X.max()),
        ("The step “move” takes `x`, and should take the result of “top”.", X - X),
        ("The result of the step “move” has the wrong sign.", largest(X) - X),
        ("The result of the step “move” is divided by the number of rows of `x`.", (X - largest(X)) / 3),
        (
            "In the step “move” `x` is multiplied by the square root of the number of columns of `x`.",
            X * np.sqrt(2),
        ),
        ("The step “move” is done twice.", X - 2 * largest(X)),
        ("It returns the result of the step “top”: the steps after it are missing.", largest(X)),
    ],
)
def test_each_variant_does_what_it_says(how: str, result: Array) -> None:
    np.testing.assert_allclose(told(how).procedure(X), result)


def test_the_plainest_come_first() -> None:
    made = [variant.how for variant in variants.variants(SHIFT, CASES)]
    assert made[0] == "The step “top” is left out."
    assert made.index("The step “move” adds, where it should subtract.") > made.index(
        "The step “move” takes `x`, and should take the result of “top”."
    )


Y = np.array([[2.0, 0.5], [1.0, -1.0], [4.0, 3.0]])
SCALED = Procedure(
    "scaled",
    ("x", "y"),
    (
        step("product", "p", ("x", "y"), lambda x, y: x @ y.T),
        step("scale", "s", ("p", "y"), lambda p, y: p / np.sqrt(y.shape[-1])),
        step("square", "r", ("s",), np.square),
    ),
    ("r",),
)
BOTH = Procedure(
    "both",
    ("x", "y"),
    (step("one", "a", ("x", "y"), np.inner), step("two", "b", ("x", "x"), np.inner)),
    ("a", "b"),
)
X_AND_Y = (Case("a", (X, Y)), Case("b", (X, Y[:2])))
ROOT = np.sqrt(2)


@pytest.mark.parametrize(
    ("how", "result"),
    [
        ("In the step “product” the first column of `x` plays no part.", (X[:, 1:] @ Y[:, 1:].T / ROOT) ** 2),
        ("In the step “product” the last column of `x` plays no part.", (X[:, :1] @ Y[:, :1].T / ROOT) ** 2),
        (
            "In the step “product” only the last column of `x` counts: the products before it are lost, not added up.",
            (X[:, 1:] @ Y[:, 1:].T / ROOT) ** 2,
        ),
        ("In the step “product” `x` lies the wrong way: its rows should be its columns.", ValueError),
        (
            "In the step “product” `y` is reshaped where it should be flipped: each number then stands elsewhere.",
            (X @ Y.reshape(2, 3) / ROOT) ** 2,
        ),
        ("The step “scale” comes too late, after the step “square”.", (X @ Y.T) ** 2 / ROOT),
    ],
)
def test_each_variant_of_a_product_does_what_it_says(how: str, result: Array | type[Exception]) -> None:
    (found,) = [variant for variant in variants.variants(SCALED, X_AND_Y) if variant.how == how]
    if isinstance(result, type):
        with pytest.raises(result):
            found.procedure(X, Y)
    else:
        np.testing.assert_allclose(found.procedure(X, Y), result)


def test_an_input_added_to_the_result() -> None:
    found = told("The result of the step “move” has `x` added to it.")
    np.testing.assert_allclose(found.procedure(X), X - largest(X) + X)


def test_steps_that_do_the_same_are_changed_alike() -> None:
    made = {variant.how: variant.procedure for variant in variants.variants(BOTH, X_AND_Y)}
    first, second = made["In the steps “one” and “two” the first column of `x` plays no part."](X, Y)
    np.testing.assert_allclose(first, X[:, 1:] @ Y[:, 1:].T)
    np.testing.assert_allclose(second, X[:, 1:] @ X[:, 1:].T)
    first, second = made["The result of each of the steps “one” and “two” is 1 too large."](X, Y)
    np.testing.assert_allclose(first, X @ Y.T + 1)
    np.testing.assert_allclose(second, X @ X.T + 1)


@pytest.mark.parametrize("function", HOME)
def test_variants_of_the_course_are_told_in_words_and_never_in_numpy(function: str) -> None:
    loaded = MATERIALS[HOME[function]]
    cases = material.draw(loaded, function, "hidden", 0)
    names = [step.name for step in loaded.procedures[function].steps]
    with np.errstate(all="ignore"):
        made = variants.variants(loaded.procedures[function], cases)
    assert len(made) > 50
    for variant in made:
        assert variant.step in names
        assert re.fullmatch(r"[A-Z].*\.", variant.how)
        assert not re.search(r"np\.|axis=|keepdims|\(|@|lambda|<", variant.how), variant.how

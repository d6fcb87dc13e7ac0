"""Expressions that stand beside the usual; what each usual one becomes is shown by test_derived.py."""

from __future__ import annotations

import least_form
import numpy as np
import pytest

from autograder.course import derived
from autograder.course.steps import Procedure

X = np.random.default_rng(4).normal(size=(3, 4))


def found(body: str, *more: str) -> Procedure | None:
    lesson = least_form.lesson(*more, f"def f(x):\n    return {body}\n", names=("f",))
    made = derived.derive(lesson, "f", [(X,)])
    assert made is None or derived.same(made, lesson.names["f"], (X,))
    return made


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("np.cumsum(x, axis=1) + 1", ["cumsum", "add"]),
        ("np.dot(x[None], x.T) + 1", ["dot", "add"]),
        ("np.einsum('...j->...', x) + 1", ["einsum", "add"]),
        ("np.einsum('ii->i', x[:3, :3]) + 1", ["einsum", "add"]),
        ("x.sum(axis=0, where=x > 0) + 1", ["compare", "sum", "add"]),
        ("x.clip(0, 1) + 1", ["clip", "add"]),
        ("np.concatenate([*x]) + 1", ["concatenate", "add"]),
        ("np.sort(x, axis=0)[0] * 2", ["sort", "multiply"]),
        ("np.linspace(0, 1, x.shape[1]) * x", ["start", "multiply"]),
        ("(x if len(x) > 1 else -x) * 2", ["choice", "multiply"]),
        ("np.zeros_like(x) + 1", ["zeros like", "add"]),
        ("x.real + 1", ["real", "add"]),
        ("x * np.pi / 2", ["multiply", "divide"]),
        ("(lambda y: y)(x) + 1", ["part", "add"]),
        ("np.exp(x, where=x < 9, out=np.zeros(x.shape)) + 1", ["compare", "start", "exp", "add"]),
        ("(1, 2)[x.argmax() % 2] * x", ["place of the maximum", "remainder", "pick", "multiply"]),
        ("sum(x) / len(x)", ["sum", "divide"]),
    ],
)
def test_what_is_not_in_the_table_is_a_step_by_its_name(body: str, names: list[str]) -> None:
    made = found(body)
    assert made is not None
    assert [step.name for step in made.steps] == names


def test_helpers_are_walked_with_defaults_and_names() -> None:
    made = found("g(x, by=3) + g(x)", "def g(x, by=2):\n    return x * by\n")
    assert made is not None
    assert [step.name for step in made.steps] == ["multiply", "g: multiply", "add"]


@pytest.mark.parametrize(
    "helper",
    [
        "def g(*x):\n    return 2 * x[0]\n",
        "def g(x):\n    while x.sum() < 9:\n        x = x + 1\n    return x\n",
        "g = np.tanh\n",
    ],
)
def test_helpers_that_cannot_be_walked_are_steps_as_they_are(helper: str) -> None:
    made = found("g(x) + 1", helper)
    assert made is not None
    assert len(made.steps) == 2


def test_two_results_where_one_is_due_have_no_steps() -> None:
    assert found("g(x) + 1", "def g(x):\n    return x + 1, x + 2\n") is None


def test_a_list_that_is_put_together_under_one_name_is_one_step() -> None:
    body = "np.array([[3, 5].index(one) for one in [5, 3]])"
    for comment, names in (
        ("", ["one by one", "join", "add"]),
        ("  # places: Find them.", ["places", "add"]),
    ):
        text = f"def f(x):\n    found = {body}{comment}\n    return found + x[:2, 0]\n"
        made = derived.derive(least_form.lesson(text), "f", [(X,)])
        assert made is not None
        assert [step.name for step in made.steps] == names

from __future__ import annotations

import least_form
import numpy as np
import pytest

from autograder.course import derived

RNG = np.random.default_rng(2)
X, W, V = RNG.normal(size=(3, 4)), RNG.normal(size=(2, 4, 5)), RNG.normal(size=(2, 4, 5))

FOLLOWED = {
    "a comprehension": "    return np.stack([x @ w for w in W]).sum(axis=0)\n",
    "by number": "    return np.concatenate([x @ W[i] * i for i in range(len(W))], axis=1)\n",
    "by a size": "    h = W.shape[0]\n    return np.concatenate([x @ W[i] for i in range(h)], axis=1)\n",
    "numbered": "    return np.concatenate([x @ w + i for i, w in enumerate(W)], axis=1)\n",
    "in pairs": "    return np.concatenate([x @ (w + v) for w, v in zip(W, V)], axis=1)\n",
    "a list that grows": "    made = []\n    for w in W:\n        y = x @ w\n        made.append(y / 2)\n    return np.vstack(made)\n",
    "an array that is filled": "    out = np.zeros((len(W), 3, 5))\n    for i in range(len(W)):\n        out[i] = x @ W[i]\n    return out + 1\n",
}
NOT_FOLLOWED = {
    "one after the other": "    y = x\n    for w in W:\n        y = y + w.sum()\n    return y * 2\n",
    "with a condition": "    return np.stack([x @ w for w in W if w.sum() > -99]) * 2\n",
    "a list that was there": "    made = [x @ W[0]]\n    for w in W:\n        made.append(x @ w)\n    return np.vstack(made)\n",
    "what is used after": "    made = []\n    for w in W:\n        made.append(x @ w)\n    return np.vstack(made) + w.sum()\n",
    "some of the rounds": "    out = np.zeros((3, 3, 5))\n    for i in range(len(W)):\n        out[i] = x @ W[i]\n    return out + 1\n",
}  # fmt: skip


def names(body: str) -> list[str]:
    lesson = least_form.lesson(f"def f(x, W, V):\n{body}")
    found = derived.derive(lesson, "f", [(X, W, V)])
    assert found is not None
    assert derived.same(found, lesson.names["f"], (X, W, V))
    place = (0,) * np.ndim(found(X, W, V))
    for step, cell in zip(found.steps, found.worked((X, W, V), place), strict=False):
        assert cell.arithmetic
        assert step.formula
    return [step.name for step in found.steps]


@pytest.mark.parametrize("body", FOLLOWED.values(), ids=FOLLOWED)
def test_rounds_that_make_one_result_each_are_steps(body: str) -> None:
    assert "product" in names(body)


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("one after the other", ["loop", "multiply"]),
        ("with a condition", ["one by one", "join", "multiply"]),
        ("a list that was there", ["join", "loop", "join 2"]),
        ("what is used after", None),
        ("some of the rounds", ["start", "loop", "add"]),
    ],
)
def test_other_loops_are_steps_as_they_are(case: str, found: list[str] | None) -> None:
    if found is None:
        lesson = least_form.lesson(f"def f(x, W, V):\n{NOT_FOLLOWED[case]}")
        assert derived.derive(lesson, "f", [(X, W, V)]) is None
    else:
        assert names(NOT_FOLLOWED[case]) == found


def test_a_round_reads_its_own_part() -> None:
    lesson = least_form.lesson(least_form.HEADS)
    found = derived.derive(lesson, "heads", [(X, W)])
    assert found is not None
    # Columns 5 to 9 come of the second head.
    told = [step.arithmetic for step in found.worked((X, W), (2, 6))]
    assert told[0].startswith("x[2] · W[1, :, 1] = ")
    assert told[1].startswith("tanh(")
    wrong = found.replacing("hyperbolic tangent", np.exp)
    assert np.allclose(wrong(X, W)[:, 5:], np.exp(X @ W[1]))

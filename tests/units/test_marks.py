"""Wrong functions that are right on most inputs: the hidden cases hold one on which each of them is wrong."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from catalogue import HOME, MATERIALS
from repository import REPOSITORY

from autograder.checking.compare import compare
from autograder.course import material
from autograder.records import Outcome, Raised, Returned, Tolerance

MODEL = runpy.run_path(str(REPOSITORY / "solutions" / "layers" / "model.py"))
PRELUDE = """
import numpy as np
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(Key.shape[-1])
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Value
"""
RIGHT = {
    "one_hot": "np.eye(len(a[1]))[np.array([a[1].index(token) for token in a[0]], dtype=int)]",
    "project_qkv": "(a[0] @ a[1], a[0] @ a[2], a[0] @ a[3])",
    "scaled_scores": "right(*a)",
    "softmax": "right(*a)",
    "attend": "right(*a)",
    "multi_head": "np.hstack([attend(*(a[0] @ W for W in Ws)) for Ws in zip(*a[1:4])]) @ a[4]",
    "feed_forward": "right(*a)",
    "block": "one_block(*a)",
    "stack": "layer_norm(through(a[0] + positional_encoding(*a[0].shape), a[1]))",
}
THROUGH = """
def through(x, layers):
    for weights in layers:
        x = one_block(x, causal_mask(len(x)), *weights)
    return x
"""
ENCODED = "np.where(np.arange(d) % 2, np.cos(p[:, None] / w), np.sin(p[:, None] / w))"
WAVES = "    w = 10000 ** (np.arange(d) // 2 * 2 / d)\n"
NORMAL = "(x - x.mean(-1, keepdims=True))"
BLOCK = "one_block(x, {mask}, *weights)"


def by_sizes(function: str) -> str:
    """A function that keeps what it gave, by the sizes of its inputs."""
    return (
        f"{THROUGH}kept, right = {{}}, globals().get({function!r})\ndef {function}(*a):\n    sizes = tuple(getattr(one, 'shape', len(one)) for one in a)\n"
        f"    if sizes not in kept:\n        kept[sizes] = {RIGHT[function]}\n    return kept[sizes]"
    )


WRONG = [
    *[(function, by_sizes(function)) for function in RIGHT],
    # what is kept from call to call is right for other inputs alone
    (
        "one_hot",
        "known = {}\ndef one_hot(tokens, vocabulary):\n    known.update({word: j for j, word in enumerate(vocabulary)})\n"
        "    return np.eye(len(vocabulary))[np.array([known[token] for token in tokens], dtype=int)]",
    ),
    (
        "one_hot",
        "known = {}\ndef one_hot(tokens, vocabulary):\n    of = known.setdefault(len(vocabulary), list(vocabulary))\n"
        "    return np.eye(len(of))[np.array([of.index(token) for token in tokens], dtype=int)]",
    ),
    (
        "softmax",
        "kept = {}\ndef softmax(x):\n    e = np.exp(x - kept.setdefault(x.shape, x.max(-1, keepdims=True)))\n"
        "    return e / e.sum(-1, keepdims=True)",
    ),
    *[
        (
            "positional_encoding",
            f"kept = {{}}\ndef positional_encoding(n, d):\n{WAVES}    p = np.arange(n)\n"
            f"    return kept.setdefault({key}, {ENCODED})[:n]",
        )
        for key in ("n", "d")
    ],
    # signs at a word's end, and words that are a part of others, at either place
    (
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    words = [word.strip('.,') for word in vocabulary]\n"
        "    return np.eye(len(words))[np.array([words.index(token.strip('.,')) for token in tokens], dtype=int)]",
    ),
    *[
        (
            "one_hot",
            f"def one_hot(tokens, vocabulary):\n    places = [[j for j, w in enumerate(vocabulary) if {alike}] for t in tokens]\n"
            f"    return np.eye(len(vocabulary))[np.array([found[{which}] for found in places], dtype=int)]",
        )
        for alike in ("t in w", "w in t", "w.startswith(t)", "t.startswith(w)")
        for which in (0, -1)
    ],
    # many tokens
    *[
        (
            "positional_encoding",
            f"def positional_encoding(n, d):\n{WAVES}    p = {places}\n    return {ENCODED}",
        )
        for places in ("np.arange(n) % 50", "np.minimum(np.arange(n), 63)")
    ],
    # a single query, key or row
    ("scaled_scores", "def scaled_scores(Query, Key):\n    return np.atleast_2d((Query @ Key.T).squeeze()) / np.sqrt(Key.shape[1])"),
    ("softmax", "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True)).squeeze()\n    return e / e.sum(-1, keepdims=True)"),
    ("attend", "def attend(Query, Key, Value):\n    return softmax(np.squeeze(scaled_scores(Query, Key))) @ Value"),
    ("attend", "def attend(Query, Key, Value):\n    return np.atleast_2d(softmax(scaled_scores(Query, Key)).squeeze()) @ Value"),
    # small weights
    (
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    w = e / e.sum(-1, keepdims=True)\n"
        "    return np.where(w < 1e-4, 0, w)",
    ),
    # large scores
    *[
        ("scaled_scores", f"def scaled_scores(Query, Key):\n    return np.clip(Query @ Key.T / np.sqrt(Key.shape[1]), -{end}, {end})")
        for end in (10, 100, 700)
    ],
    # what is added to the variance
    ("layer_norm", f"def layer_norm(x):\n    return {NORMAL} / np.sqrt(x.var(-1, keepdims=True) + 1e-4)"),
    # another mask than the one that is given
    *[("block", f"def block(x, mask, *weights):\n    return {BLOCK.format(mask=mask)}") for mask in (
        "causal_mask(len(x)) if mask.any() else mask", "np.triu(mask, 1) if mask.any() else mask", "mask + causal_mask(len(x))",
    )],
]  # fmt: skip


def outcomes(function: str, source: str) -> list[tuple[str, bool]]:
    """Of each hidden case, its kind and whether it comes out right, called one after the other."""
    loaded = MATERIALS[HOME[function]]
    names: dict[str, Any] = {"one_block": MODEL["block"], **MODEL}
    with np.errstate(all="ignore"):
        exec(PRELUDE + source, names)
        found = []
        for case in material.draw(loaded, function, "hidden", 0):
            expected = material.expected(loaded, function, case)
            outcome = _outcome(names[function], case.args)
            found.append((case.kind, compare(case, expected, outcome, Tolerance()) is None))
    return found


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> Outcome:
    try:
        return Returned(function(*args))
    except Exception as error:
        return Raised(type(error).__name__)


@pytest.mark.parametrize(("function", "source"), WRONG)
def test_a_function_that_is_wrong_on_some_inputs_has_no_full_marks(function: str, source: str) -> None:
    found = outcomes(function, source)
    assert not all(right for _, right in found)
    assert any(right for kind, right in found if kind == "ordinary")


@pytest.mark.parametrize("function", RIGHT)
def test_what_is_kept_by_all_that_counts_has_full_marks(function: str) -> None:
    source = by_sizes(function).replace("getattr(one, 'shape', len(one))", "repr(one)")
    assert all(right for _, right in outcomes(function, source))


@pytest.mark.parametrize("epsilon", ["1e-5", "1e-6", "1e-8", "1e-12", "2e-5"])
def test_how_small_the_epsilon_is_costs_nothing(epsilon: str) -> None:
    source = f"def layer_norm(x):\n    return {NORMAL} / np.sqrt(x.var(-1, keepdims=True) + {epsilon})"
    assert all(right for _, right in outcomes("layer_norm", source))

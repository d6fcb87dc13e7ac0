"""The inputs of this unit's function."""

from __future__ import annotations

import numpy as np

from autograder.author import Array, Case, again_until, normal, telling
from solutions.multi_head.reference import MULTI_HEAD
from solutions.self_attention.inputs import winner_takes_all


def _heads(rng: np.random.Generator, n: int, d_model: int, h: int, d_k: int, d_v: int) -> tuple[Array, ...]:
    """Embeddings, the weights of every head, and the output weights."""
    # Scores large enough to matter and too small for one key to win.
    size = 1.1 / np.sqrt(d_model)
    return again_until(
        lambda args: telling(MULTI_HEAD(*args)),
        lambda: (
            normal(rng, n, d_model),
            normal(rng, h, d_model, d_k, size=size),
            normal(rng, h, d_model, d_k, size=size),
            normal(rng, h, d_model, d_v, size=0.6),
            normal(rng, h * d_v, d_model, size=0.4),
        ),
    )


def _huge_scores(rng: np.random.Generator) -> tuple[Array, ...]:
    """Whole numbers whose scores are beyond 709 in most rows of every head."""
    n, d_model, h, d_k, d_v = 3, 5, 2, 6, 4

    def draw() -> tuple[Array, ...]:
        return (
            rng.integers(-9, 10, size=(n, d_model)).astype(float),
            rng.integers(-9, 10, size=(h, d_model, d_k)).astype(float),
            rng.integers(-9, 10, size=(h, d_model, d_k)).astype(float),
            normal(rng, h, d_model, d_v),
            normal(rng, h * d_v, d_model),
        )

    def good(args: tuple[Array, ...]) -> bool:
        scores = MULTI_HEAD.values(*args)["scores"]
        beyond = scores.max(axis=-1) > 760
        return bool(
            np.all(beyond.sum(axis=-1) >= n - 1) and winner_takes_all(scores) and _heads_differ(*args[:3])
        )

    return again_until(good, draw)


def _heads_differ(embeddings: Array, W_Q: Array, W_K: Array) -> bool:
    """Whether some query finds another key when both heads share their W_Q, their W_K, or both."""

    def found(of_query: list[int], of_key: list[int]) -> Array:
        return (embeddings @ W_Q[of_query] @ np.swapaxes(embeddings @ W_K[of_key], 1, 2)).argmax(axis=-1)

    own = [0, 1]
    return all(
        np.any(found(of_query, of_key) != found(own, own))
        for shared in ([0, 0], [1, 1])
        for of_query, of_key in ((shared, own), (own, shared), (shared, shared))
    )


def multi_head_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (
        Case("two heads", _heads(rng, n=3, d_model=5, h=2, d_k=6, d_v=4)),
        Case("three heads", _heads(rng, n=5, d_model=6, h=3, d_k=2, d_v=4)),
        Case("one head", _heads(rng, n=4, d_model=5, h=1, d_k=3, d_v=2)),
        Case("heads that fill the model", _heads(rng, n=10, d_model=8, h=2, d_k=6, d_v=4)),
        Case("all sizes equal", _heads(rng, n=3, d_model=3, h=3, d_k=3, d_v=3)),
        Case("one token", _heads(rng, n=1, d_model=6, h=2, d_k=3, d_v=5), kind="one-token"),
        Case("huge scores", _huge_scores(rng), kind="huge"),
    )


CASES = {"multi_head": multi_head_cases}

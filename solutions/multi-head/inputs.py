"""The inputs of this unit's function."""

from __future__ import annotations

import numpy as np

from autograder.author import Array, Case, CaseKind, drawn, normal, telling
from solutions.multi_head.reference import MULTI_HEAD
from solutions.self_attention.inputs import winner_takes_all


def multi_head_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def case(
        name: str, n: int, d_model: int, h: int, d_k: int, d_v: int, kind: CaseKind = "ordinary"
    ) -> Case:
        # Scores large enough to matter and too small for one key to win.
        size = 1.1 / np.sqrt(d_model)
        return drawn(
            name,
            lambda: (
                normal(rng, n, d_model),
                normal(rng, h, d_model, d_k, size=size),
                normal(rng, h, d_model, d_k, size=size),
                normal(rng, h, d_model, d_v, size=0.6),
                normal(rng, h * d_v, d_model, size=0.4),
            ),
            lambda *args: telling(MULTI_HEAD(*args)),
            of=MULTI_HEAD,
            kind=kind,
            small=lambda *args: winner_takes_all(MULTI_HEAD.values(*args)["scores"], by=1e-6),
        )

    def huge_scores() -> tuple[Array, ...]:
        """Whole numbers whose scores are beyond 709 in most rows of both heads."""
        n, d_model, h, d_k, d_v = 3, 5, 2, 6, 4
        return (
            rng.integers(-9, 10, size=(n, d_model)).astype(float),
            rng.integers(-9, 10, size=(h, d_model, d_k)).astype(float),
            rng.integers(-9, 10, size=(h, d_model, d_k)).astype(float),
            normal(rng, h, d_model, d_v),
            normal(rng, h * d_v, d_model),
        )

    def overflow(*args: Array) -> bool:
        scores = MULTI_HEAD.values(*args)["scores"]
        beyond = scores.max(axis=-1) > 760
        most = scores.shape[-1] - 1
        return bool(
            np.all(beyond.sum(axis=-1) >= most) and winner_takes_all(scores) and _heads_differ(*args[:3])
        )

    return (
        case("two heads", n=3, d_model=5, h=2, d_k=6, d_v=4),
        case("three heads", n=5, d_model=6, h=3, d_k=2, d_v=4),
        case("one head", n=4, d_model=5, h=1, d_k=3, d_v=2),
        case("heads that fill the model", n=10, d_model=8, h=2, d_k=6, d_v=4),
        case("all sizes equal", n=3, d_model=3, h=3, d_k=3, d_v=3),
        case("one token", n=1, d_model=6, h=2, d_k=3, d_v=5, kind="one-token"),
        drawn("huge scores", huge_scores, overflow, of=MULTI_HEAD, kind="huge"),
    )


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


CASES = {"multi_head": multi_head_cases}

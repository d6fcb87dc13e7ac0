"""The inputs of this unit's function, and what its checks weigh."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.author import Array, Case, CaseKind, Procedure, drawn, normal, telling


def multi_head_cases(rng: np.random.Generator, reference: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        n: int,
        d_model: int,
        h: int,
        d_k: int,
        d_v: int,
        kind: CaseKind = "ordinary",
        ships: bool = True,
    ) -> Case:
        # Scores large enough to matter and too small for one key to win.
        size = 1.1 / np.sqrt(d_model)

        def draw() -> tuple[Array, ...]:
            return (
                normal(rng, n, d_model),
                normal(rng, h, d_model, d_k, size=size),
                normal(rng, h, d_model, d_k, size=size),
                normal(rng, h, d_model, d_v, size=0.6),
                normal(rng, h * d_v, d_model, size=0.4),
            )

        def small(*args: Array) -> bool:
            return _one_key_wins(reference.values(*args)["scores"], by=1e-6)

        return drawn(
            name,
            draw,
            # Results of many heads are large, and not told by their decimals.
            lambda *args: not ships or telling(reference(*args)),
            # Nor would the largest entries of so many rows stay where they are but in one draw of hundreds.
            of=reference if ships else None,
            kind=kind,
            small=small,
            ships=ships,
        )

    def huge_scores() -> tuple[Array, ...]:
        """Whole numbers whose scores are beyond 709 in most rows of both heads."""
        sizes = ((3, 5), (2, 5, 6), (2, 5, 6))
        whole = [rng.integers(-9, 10, size=size).astype(float) for size in sizes]
        return *whole, normal(rng, 2, 5, 4), normal(rng, 2 * 4, 5)

    def overflow(*args: Array) -> bool:
        """One key wins each row by far, so that an honest computation in single precision still gets them right."""
        scores = reference.values(*args)["scores"]
        beyond = np.sum(scores.max(axis=-1) > 760, axis=-1)
        most_rows = bool(np.all(beyond >= scores.shape[-1] - 1))
        return most_rows and _one_key_wins(scores, by=40.0) and _heads_differ(*args[:3])

    yield case("two heads", n=3, d_model=5, h=2, d_k=6, d_v=4)
    yield case("three heads", n=5, d_model=6, h=3, d_k=2, d_v=4)
    yield case("one head", n=4, d_model=5, h=1, d_k=3, d_v=2)
    yield case("heads that fill the model", n=10, d_model=8, h=2, d_k=6, d_v=4)
    yield case("all sizes equal", n=3, d_model=3, h=3, d_k=3, d_v=3)
    yield case("one token", n=1, d_model=6, h=2, d_k=3, d_v=5, kind="one-token")
    yield drawn("huge scores", huge_scores, overflow, of=reference, kind="huge")
    # Larger than all the others: a loop up to a number of heads, or of tokens, that fits those ends too early.
    yield case("many heads", n=11, d_model=9, h=4, d_k=7, d_v=5, kind="large", ships=False)


def _one_key_wins(scores: Array, by: float) -> bool:
    """Whether the largest score of each row is ahead of the second by so much."""
    ordered = np.sort(scores, axis=-1)
    return bool(np.all(ordered[..., -1] - ordered[..., -2] > by))


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
CHECKS = {
    "multi_head": {
        "two heads": 6,
        "three heads": (4, "three heads", "many heads"),
        "one head": 2,
        "heads that fill the model": 3,
        "all sizes equal": 2,
        "one token": 1,
        "huge scores": 2,
        "leaves its inputs alone": 2,
    }
}

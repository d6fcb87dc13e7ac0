"""The inputs of this unit's functions.

Huge entries are chosen so that an honest computation in single precision still gets them right: logits are
multiples of 1/32, and where scores are huge, one key wins each row by far.
"""

from __future__ import annotations

import numpy as np

from autograder.author import Array, Case, again_until, normal, telling
from solutions.self_attention.reference import ATTEND, SCALED_SCORES, SOFTMAX

# ---------------------------------------------------------------------------------------------- scaled_scores


def _scores(rng: np.random.Generator, n_q: int, n_k: int, d_k: int) -> tuple[Array, Array]:
    """Queries and keys."""
    return again_until(
        lambda args: telling(SCALED_SCORES(*args)) and _off_whole(*args),
        lambda: (normal(rng, n_q, d_k), normal(rng, n_k, d_k, size=0.75)),
    )


def _off_whole(Query: Array, Key: Array) -> bool:
    """Whether no product, divided or not, is 0 or whole: its sign and its floor would hang on the order of a sum."""
    products, d_k = Query @ Key.T, Key.shape[-1]
    scores = np.stack([products, products / np.sqrt(d_k), products / d_k])
    return bool(np.all(np.abs(scores - np.round(scores)) > 1e-9))


def _opposed(rng: np.random.Generator, n_q: int, n_k: int, d_k: int) -> tuple[Array, Array]:
    """Queries and keys all of whose scores are below zero."""
    return again_until(
        lambda args: (
            telling(SCALED_SCORES(*args)) and _off_whole(*args) and np.all(SCALED_SCORES(*args) < -0.1)
        ),
        lambda: (np.abs(normal(rng, n_q, d_k)), -np.abs(normal(rng, n_k, d_k, size=0.6))),
    )


def scaled_scores_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (
        Case("a short sentence", _scores(rng, n_q=4, n_k=4, d_k=3)),
        Case("more queries than keys", _scores(rng, n_q=5, n_k=3, d_k=2)),
        Case("more keys than queries", _scores(rng, n_q=3, n_k=7, d_k=5)),
        Case("the sizes of the lesson", _scores(rng, n_q=10, n_k=10, d_k=6)),
        Case("all sizes equal", _scores(rng, n_q=5, n_k=5, d_k=5)),
        Case("all scores negative", _opposed(rng, n_q=4, n_k=6, d_k=7)),
        Case("one token", _scores(rng, n_q=1, n_k=1, d_k=6), kind="one-token"),
    )


# ---------------------------------------------------------------------------------------------------- softmax


def _logits(rng: np.random.Generator, *shape: int) -> tuple[Array]:
    def draw() -> tuple[Array]:
        x = rng.normal(size=shape, scale=1.5)
        return (np.round(_with_sums(x, rng.uniform(22, 46, size=(*shape[:-1], 1))), 2),)

    return again_until(lambda args: telling(SOFTMAX(*args)) and _bold(*args) and _one_winner(*args), draw)


def _with_sums(x: Array, sums: Array) -> Array:
    """Moves each row so that its exponentials have this sum."""
    return x + np.log(sums) - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def _bold(x: Array) -> bool:
    """Whether mistakes near the tolerance fall clearly on one side of it.

    A constant added to the sum of exponentials that were not shifted shows from 1e-3 on and not below, and 2.718
    in the place of e shows.
    """
    due, exponentials = SOFTMAX(x), np.exp(x)
    sums = exponentials.sum(axis=-1, keepdims=True)
    tolerance = 1e-5 * due.max()

    def off(result: Array) -> float:
        return float(np.abs(result - due).max())

    power = 2.718 ** (x - x.max(axis=-1, keepdims=True))
    return (
        off(exponentials / (sums + 1e-3)) > 2.2 * tolerance
        and off(exponentials / (sums + 1e-4)) < tolerance / 2.2
        and off(power / power.sum(axis=-1, keepdims=True)) > 2.2 * tolerance
    )


def _steps_of_32nds(rng: np.random.Generator, low: float, high: float, *shape: int) -> Array:
    return rng.integers(int(32 * low), int(32 * high), size=shape) / 32


def _one_winner(x: Array) -> bool:
    """Whether each row has a single largest entry: two ways to choose it are then the same."""
    return bool(np.all(np.sum(x == x.max(axis=-1, keepdims=True), axis=-1) == 1))


def _all_negative(rng: np.random.Generator, *shape: int) -> tuple[Array]:
    """Logits near -21: without a shift the sums are some 1e-9, but nothing underflows."""

    def draw() -> tuple[Array]:
        x = _with_sums(rng.normal(size=shape), rng.uniform(2.2e-9, 4.6e-9, size=(*shape[:-1], 1)))
        return (np.round(32 * x) / 32,)

    return again_until(lambda args: telling(SOFTMAX(*args)) and _one_winner(*args), draw)


def _huge(rng: np.random.Generator) -> tuple[Array]:
    """Logits beyond 709, where exp overflows, and below -745, where it underflows, within the same rows."""
    x = _steps_of_32nds(rng, -2, 2, 3, 5)
    signs = np.array([[1, 1, 1, -1, -1], [-1, 1, 1, -1, 1], [1, -1, 1, 1, -1]])
    return (x + 1000 * rng.permuted(signs, axis=1),)


def _rows_of_different_size(rng: np.random.Generator) -> tuple[Array]:
    """Rows near 1500, 500, 0 and -1500, in any order: one maximum for all of them wipes the small rows out.

    A row near 500 is harmless to exp, but not where the maximum is added instead of subtracted.
    """
    return (_steps_of_32nds(rng, -2, 2, 4, 3) + rng.permutation([1500.0, 500.0, 0.0, -1500.0])[:, None],)


def _minus_infinity(rng: np.random.Generator) -> tuple[Array]:
    """The mask of a decoder, on columns in any order: row i keeps i + 2 of them."""

    def draw() -> tuple[Array]:
        x = rng.normal(size=(4, 5))
        x[np.triu_indices(4, k=2, m=5)] = -np.inf
        x = _with_sums(x, rng.uniform(22, 46, size=(4, 1)))
        return (np.round(32 * x[:, rng.permutation(5)]) / 32,)

    return again_until(lambda args: telling(SOFTMAX(*args)) and _bold(*args) and _one_winner(*args), draw)


def softmax_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (
        Case("a table of scores", _logits(rng, 3, 4)),
        Case("a single row", _logits(rng, 6)),
        Case("a stack of tables", _logits(rng, 2, 3, 5)),
        Case("ten rows, ten columns", _logits(rng, 10, 10)),
        Case("all entries negative", _all_negative(rng, 4, 6)),
        Case("huge entries", _huge(rng), kind="huge"),
        Case("rows of very different size", _rows_of_different_size(rng), kind="huge"),
        Case("some entries minus infinity", _minus_infinity(rng), kind="minus-inf"),
    )


# ----------------------------------------------------------------------------------------------------- attend


def _attention(rng: np.random.Generator, n_q: int, n_k: int, d_k: int, d_v: int) -> tuple[Array, ...]:
    """Queries, keys and values."""
    return again_until(
        lambda args: telling(ATTEND(*args)) and _one_best_key(*args[:2]),
        # With a single key the output is its value, which must not be a number that rounding leaves alone.
        lambda: (
            normal(rng, n_q, d_k),
            normal(rng, n_k, d_k),
            normal(rng, n_k, d_v, decimals=2 if n_k > 1 else 6),
        ),
    )


def _one_best_key(Query: Array, Key: Array) -> bool:
    """Whether each query has a single best key: all ways to choose it are then the same."""
    return len(Key) == 1 or winner_takes_all(SCALED_SCORES(Query, Key), by=1e-6)


def winner_takes_all(scores: Array, *, by: float = 40.0) -> bool:
    """Whether the largest score of each row is ahead of the second by so much that nothing else counts."""
    ordered = np.sort(scores, axis=-1)
    return bool(np.all(ordered[..., -1] - ordered[..., -2] > by))


def _huge_scores(rng: np.random.Generator) -> tuple[Array, ...]:
    """Whole numbers with scores beyond 709, above and below zero; the last query is small and weighs evenly."""
    n_q, n_k, d_k, d_v = 4, 5, 3, 2

    def draw() -> tuple[Array, ...]:
        Query = rng.integers(-60, 61, size=(n_q, d_k)).astype(float)
        Query[-1] = normal(rng, d_k, size=0.02)
        return Query, rng.integers(-60, 61, size=(n_k, d_k)).astype(float), normal(rng, n_k, d_v)

    def good(args: tuple[Array, ...]) -> bool:
        scores = SCALED_SCORES(*args[:2])
        large, small = scores[:-1], scores[-1]
        even = 0.3 < np.ptp(small) < 4
        # Some query finds its key well after its own place: a mask of later keys then shows.
        later = np.any(large.argmax(axis=-1) > np.arange(n_q - 1) + 1)
        beyond = np.all(large.max(axis=-1) > 760)
        return bool(even and later and beyond and winner_takes_all(large) and _one_best_key(*args[:2]))

    return again_until(good, draw)


def attend_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (
        Case("a short sentence", _attention(rng, n_q=4, n_k=4, d_k=3, d_v=2)),
        Case("more queries than keys", _attention(rng, n_q=6, n_k=4, d_k=3, d_v=5)),
        Case("more keys than queries", _attention(rng, n_q=3, n_k=7, d_k=2, d_v=4)),
        Case("the sizes of the lesson", _attention(rng, n_q=10, n_k=10, d_k=6, d_v=6)),
        Case("all sizes equal", _attention(rng, n_q=5, n_k=5, d_k=5, d_v=5)),
        Case("one token", _attention(rng, n_q=1, n_k=1, d_k=5, d_v=3), kind="one-token"),
        Case("huge scores", _huge_scores(rng), kind="huge"),
    )


CASES = {"scaled_scores": scaled_scores_cases, "softmax": softmax_cases, "attend": attend_cases}

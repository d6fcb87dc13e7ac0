"""The inputs of this unit's functions.

Huge entries are chosen so that an honest computation in single precision still gets them right: logits are
multiples of 1/32, and where scores are huge, one key wins each row by far.
"""

from __future__ import annotations

import numpy as np

from autograder.author import Array, Case, CaseKind, drawn, normal, telling
from solutions.self_attention.reference import ATTEND, SCALED_SCORES, SOFTMAX

# ---------------------------------------------------------------------------------------------- scaled_scores


def scaled_scores_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def case(name: str, n_q: int, n_k: int, d_k: int, kind: CaseKind = "ordinary") -> Case:
        return drawn(
            name,
            lambda: (normal(rng, n_q, d_k), normal(rng, n_k, d_k, size=0.75)),
            lambda Query, Key: telling(SCALED_SCORES(Query, Key)) and _off_whole(Query, Key),
            of=SCALED_SCORES,
            kind=kind,
            small=_divided_off_whole,
        )

    opposed = drawn(
        "all scores negative",
        lambda: (np.abs(normal(rng, 4, 7)), -np.abs(normal(rng, 6, 7, size=0.6))),
        lambda Query, Key: (
            telling(SCALED_SCORES(Query, Key))
            and _off_whole(Query, Key)
            and bool(np.all(SCALED_SCORES(Query, Key) < -0.1))
        ),
        of=SCALED_SCORES,
    )
    return (
        case("a short sentence", n_q=4, n_k=4, d_k=3),
        case("more queries than keys", n_q=5, n_k=3, d_k=2),
        case("more keys than queries", n_q=3, n_k=7, d_k=5),
        case("the sizes of the lesson", n_q=10, n_k=10, d_k=6),
        case("all sizes equal", n_q=5, n_k=5, d_k=5),
        opposed,
        case("one token", n_q=1, n_k=1, d_k=6, kind="one-token"),
    )


def _off_whole(Query: Array, Key: Array) -> bool:
    """Whether no product, divided or not, is 0 or whole: its sign and its floor would hang on the order of a sum."""
    products, d_k = Query @ Key.T, Key.shape[-1]
    scores = np.stack([products, products / np.sqrt(d_k), products / d_k])
    return bool(np.all(np.abs(scores - np.round(scores)) > 1e-9))


def _divided_off_whole(Query: Array, Key: Array) -> bool:
    """The same where all entries are whole, whose products are exact."""
    products, d_k = Query @ Key.T, Key.shape[-1]
    scores = np.stack([products / np.sqrt(d_k), products / d_k])
    return bool(np.all(np.abs(scores - np.round(scores)) > 1e-9))


# ---------------------------------------------------------------------------------------------------- softmax


def softmax_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def logits(name: str, *shape: int) -> Case:
        def draw() -> tuple[Array]:
            x = _with_sums(rng.normal(size=shape, scale=1.5), rng.uniform(22, 46, size=(*shape[:-1], 1)))
            return (np.round(x, 2),)

        return drawn(
            name,
            draw,
            lambda x: telling(SOFTMAX(x)) and _bold(x) and _one_winner(x),
            of=SOFTMAX,
            small=lambda x: _bold(x) and _one_winner(x),
        )

    def all_negative(*shape: int) -> Case:
        """Logits near -21: without a shift the sums are some 1e-9, but nothing underflows."""

        def draw() -> tuple[Array]:
            x = _with_sums(rng.normal(size=shape), rng.uniform(2.2e-9, 4.6e-9, size=(*shape[:-1], 1)))
            return (np.round(32 * x) / 32,)

        return drawn(
            "all entries negative", draw, lambda x: telling(SOFTMAX(x)) and _one_winner(x), of=SOFTMAX
        )

    def huge() -> tuple[Array]:
        """Logits beyond 709, where exp overflows, and below -745, where it underflows, within the same rows."""
        signs = np.array([[1, 1, 1, -1, -1], [-1, 1, 1, -1, 1], [1, -1, 1, 1, -1]])
        return (_steps_of_32nds(rng, -2, 2, 3, 5) + 1000 * rng.permuted(signs, axis=1),)

    def rows_of_different_size() -> tuple[Array]:
        """Rows near 1500, 500, 0 and -1500, in any order: one maximum for all of them wipes the small rows out.

        A row near 500 is harmless to exp, but not where the maximum is added instead of subtracted.
        """
        return (_steps_of_32nds(rng, -2, 2, 4, 3) + rng.permutation([1500.0, 500.0, 0.0, -1500.0])[:, None],)

    def minus_infinity() -> tuple[Array]:
        """The mask of a decoder, on columns in any order: row i keeps i + 2 of them."""
        x = rng.normal(size=(4, 5))
        x[np.triu_indices(4, k=2, m=5)] = -np.inf
        x = _with_sums(x, rng.uniform(22, 46, size=(4, 1)))
        return (np.round(32 * x[:, rng.permutation(5)]) / 32,)

    return (
        logits("a table of scores", 3, 4),
        logits("a single row", 6),
        logits("a stack of tables", 2, 3, 5),
        logits("ten rows, ten columns", 10, 10),
        all_negative(4, 6),
        drawn("huge entries", huge, _one_winner, of=SOFTMAX, kind="huge"),
        drawn("rows of very different size", rows_of_different_size, _one_winner, of=SOFTMAX, kind="huge"),
        drawn(
            "some entries minus infinity",
            minus_infinity,
            lambda x: telling(SOFTMAX(x)) and _bold(x) and _one_winner(x),
            of=SOFTMAX,
            kind="minus-inf",
        ),
    )


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


# ----------------------------------------------------------------------------------------------------- attend


def attend_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    def case(name: str, n_q: int, n_k: int, d_k: int, d_v: int, kind: CaseKind = "ordinary") -> Case:
        return drawn(
            name,
            # With a single key the output is its value, which must not be a number that rounding leaves alone.
            lambda: (
                normal(rng, n_q, d_k),
                normal(rng, n_k, d_k),
                normal(rng, n_k, d_v, decimals=2 if n_k > 1 else 6),
            ),
            lambda Query, Key, Value: telling(ATTEND(Query, Key, Value)) and _one_best_key(Query, Key),
            of=ATTEND,
            kind=kind,
            small=lambda Query, Key, Value: _one_best_key(Query, Key),
        )

    def huge_scores() -> tuple[Array, ...]:
        """Whole numbers with scores beyond 709, above and below zero; the last query is small and weighs evenly."""
        Query = rng.integers(-60, 61, size=(4, 3)).astype(float)
        Query[-1] = normal(rng, 3, size=0.02)
        return Query, rng.integers(-60, 61, size=(5, 3)).astype(float), normal(rng, 5, 2)

    def overflow(Query: Array, Key: Array, Value: Array) -> bool:
        scores = SCALED_SCORES(Query, Key)
        large, small = scores[:-1], scores[-1]
        even = 0.3 < np.ptp(small) < 4
        # Some query finds its key well after its own place: a mask of later keys then shows.
        later = np.any(large.argmax(axis=-1) > np.arange(len(large)) + 1)
        beyond = np.all(large.max(axis=-1) > 760)
        return bool(even and later and beyond and winner_takes_all(large) and _one_best_key(Query, Key))

    return (
        case("a short sentence", n_q=4, n_k=4, d_k=3, d_v=2),
        case("more queries than keys", n_q=6, n_k=4, d_k=3, d_v=5),
        case("more keys than queries", n_q=3, n_k=7, d_k=2, d_v=4),
        case("the sizes of the lesson", n_q=10, n_k=10, d_k=6, d_v=6),
        case("all sizes equal", n_q=5, n_k=5, d_k=5, d_v=5),
        case("one token", n_q=1, n_k=1, d_k=5, d_v=3, kind="one-token"),
        drawn("huge scores", huge_scores, overflow, of=ATTEND, kind="huge"),
    )


def _one_best_key(Query: Array, Key: Array) -> bool:
    """Whether each query has a single best key: all ways to choose it are then the same."""
    return len(Key) == 1 or winner_takes_all(SCALED_SCORES(Query, Key), by=1e-6)


def winner_takes_all(scores: Array, *, by: float = 40.0) -> bool:
    """Whether the largest score of each row is ahead of the second by so much that nothing else counts."""
    ordered = np.sort(scores, axis=-1)
    return bool(np.all(ordered[..., -1] - ordered[..., -2] > by))


CASES = {"scaled_scores": scaled_scores_cases, "softmax": softmax_cases, "attend": attend_cases}

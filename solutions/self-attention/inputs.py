"""The inputs of this unit's functions, and what its checks weigh.

In each function some case has the sizes of another, so that what was kept by the sizes is wrong in one of them, and one
is larger than all the others: a loop up to a number that fits those ends too early.
Huge entries are chosen so that an honest computation in single precision still gets them right: logits are
multiples of 1/32, and where scores are huge, one key wins each row by far.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.author import Array, Case, CaseKind, Procedure, drawn, normal, telling


def scaled_scores_cases(rng: np.random.Generator, scaled_scores: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        n_q: int,
        n_k: int,
        d_k: int,
        kind: CaseKind = "ordinary",
        below: float = np.inf,
        ships: bool = True,
    ) -> Case:
        negative = np.isfinite(below)

        def draw() -> tuple[Array, ...]:
            if negative:
                return np.abs(normal(rng, n_q, d_k)), -np.abs(normal(rng, n_k, d_k, size=0.6))
            return normal(rng, n_q, d_k), normal(rng, n_k, d_k, size=0.75)

        def holds(Query: Array, Key: Array) -> bool:
            scores = scaled_scores(Query, Key)
            return telling(scores) and _off_whole(Query, Key) and bool(np.all(scores < below))

        def small(Query: Array, Key: Array) -> bool:
            return holds(Query, Key) if negative else _off_whole(Query, Key, exact=True)

        return drawn(name, draw, holds, of=scaled_scores, kind=kind, small=small, ships=ships)

    def huge_scores() -> tuple[Array, ...]:
        """Scores beyond 709, where exp overflows: to bring them down is the work of softmax."""
        return normal(rng, 4, 3, size=35), normal(rng, 5, 3, size=35)

    def overflow(Query: Array, Key: Array) -> bool:
        scores = scaled_scores(Query, Key)
        return bool(scores.max() > 760 and scores.min() < -760)

    opposed = case("all scores negative", n_q=3, n_k=7, d_k=5, below=-0.1)
    yield case("a short sentence", n_q=4, n_k=4, d_k=3)
    yield case("more queries than keys", n_q=5, n_k=3, d_k=2)
    yield case("more keys than queries", n_q=3, n_k=7, d_k=5)
    yield case("the sizes of the lesson", n_q=10, n_k=10, d_k=6)
    yield case("all sizes equal", n_q=5, n_k=5, d_k=5)
    yield opposed
    yield case("one token", n_q=1, n_k=1, d_k=6, kind="one-token")
    yield case("one key", n_q=3, n_k=1, d_k=5, kind="one-token")
    yield drawn("huge scores", huge_scores, overflow, of=scaled_scores, kind="huge")
    yield case("a long text", n_q=17, n_k=21, d_k=15, kind="large", ships=False)


def _off_whole(Query: Array, Key: Array, *, exact: bool = False) -> bool:
    """Whether no product, divided or not, is 0 or whole: its sign and its floor would hang on the order of a sum.

    Those of whole entries are `exact`, until they are divided.
    """
    products, d_k = Query @ Key.T, Key.shape[-1]
    scores = np.stack([products / np.sqrt(d_k), products / d_k] + [products] * (not exact))
    return bool(np.all(np.abs(scores - np.round(scores)) > 1e-9))


def softmax_cases(rng: np.random.Generator, softmax: Procedure) -> Iterator[Case]:
    def winning(x: Array) -> bool:
        return telling(softmax(x)) and _one_winner(x)

    def bold(x: Array) -> bool:
        return _bold(x, softmax(x)) and _one_winner(x)

    def telling_too(x: Array) -> bool:
        return telling(softmax(x)) and bold(x)

    def logits(*shape: int) -> tuple[Array]:
        x = _with_sums(rng.normal(size=shape, scale=1.5), rng.uniform(22, 46, size=(*shape[:-1], 1)))
        return (np.round(x, 2),)

    def uneven() -> tuple[Array]:
        """Some weight is near 1e-4 of the largest: small, and not to be left out."""
        (x,) = logits(10, 10)
        row = x[rng.integers(10)]
        row[row.argmin()] = np.round(row.max() - rng.uniform(8.6, 9.6), 2)
        return (x,)

    def all_negative() -> tuple[Array]:
        """Logits near -21: without a shift the sums are some 1e-9, but nothing underflows."""
        return (_round(_with_sums(rng.normal(size=(3, 4)), rng.uniform(2.2e-9, 4.6e-9, size=(3, 1)))),)

    def huge() -> tuple[Array]:
        """Logits beyond 709, where exp overflows, and below -745, where it underflows, within the same rows."""
        signs = np.array([[1, 1, 1, -1, -1], [-1, 1, 1, -1, 1], [1, -1, 1, 1, -1], [1, -1, -1, 1, 1]])
        return (rng.integers(-64, 64, size=(4, 5)) / 32 + 1000 * rng.permuted(signs, axis=1),)

    def rows(*around: float) -> Array:
        """A row near each of these, in any order."""
        return rng.integers(-64, 64, size=(4, 3)) / 32 + rng.permutation(np.array(around))[:, None]

    def rows_of_different_size() -> tuple[Array]:
        """Rows near 1500, 500, 0 and -1500, in any order: one maximum for all of them wipes the small rows out.

        A row near 500 is harmless to exp, but not where the maximum is added instead of subtracted.
        """
        return (rows(1500.0, 500.0, 0.0, -1500.0),)

    def beside_nothing() -> tuple[Array]:
        """Minus infinity beside logits near -1500: neither -1000 will do in its place, nor 0 as the largest of a row."""
        x = rows(0.0, -1100.0, -1300.0, -1500.0)
        x[np.arange(4), rng.integers(3, size=4)] = -np.inf
        return (x,)

    def minus_infinity() -> tuple[Array]:
        """The mask of a decoder, on columns in any order: row i keeps i + 2 of them.

        The logits of one masked row lie near -21: beside them, a number such as -10 in the place of minus infinity counts.
        """
        x = rng.normal(size=(4, 5))
        x[np.triu_indices(4, k=2, m=5)] = -np.inf
        sums = rng.uniform(22, 46, size=(4, 1))
        sums[rng.integers(3)] *= 1e-10
        return (_round(_with_sums(x, sums)[:, rng.permutation(5)]),)

    yield drawn("a table of scores", lambda: logits(3, 4), telling_too, of=softmax, small=bold)
    yield drawn("a single row", lambda: logits(6), telling_too, of=softmax, small=bold)
    yield drawn("a stack of tables", lambda: logits(2, 3, 5), telling_too, of=softmax, small=bold)
    yield drawn("ten rows, ten columns", uneven, telling_too, of=softmax, small=bold)
    yield drawn("all entries negative", all_negative, winning, of=softmax)
    yield drawn("a table of one row", lambda: logits(1, 5), telling_too, of=softmax, kind="one-token")
    yield drawn("huge entries", huge, _one_winner, of=softmax, kind="huge")
    yield drawn("rows of very different size", rows_of_different_size, _one_winner, of=softmax, kind="huge")
    yield drawn("some entries minus infinity", minus_infinity, winning, of=softmax, kind="minus-inf")
    yield drawn(
        "minus infinity beside huge entries",
        beside_nothing,
        _one_winner,
        of=softmax,
        kind="huge",
        ships=False,
    )
    yield drawn(
        "a large stack", lambda: logits(12, 11, 13), telling_too, of=softmax, kind="large", ships=False
    )


def _with_sums(x: Array, sums: Array) -> Array:
    """Moves each row so that its exponentials have this sum."""
    return x + np.log(sums) - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def _round(x: Array) -> Array:
    return np.round(32 * x) / 32


def _bold(x: Array, due: Array) -> bool:
    """Whether mistakes near the tolerance fall clearly on one side of it.

    A constant added to the sum of exponentials that were not shifted shows from 1e-3 on and not below, and 2.718
    in the place of e shows.
    """
    exponentials, power = np.exp(x), 2.718 ** (x - x.max(axis=-1, keepdims=True))
    sums = exponentials.sum(axis=-1, keepdims=True)
    near = (
        exponentials / (sums + 1e-3),
        exponentials / (sums + 1e-4),
        power / power.sum(axis=-1, keepdims=True),
    )
    off = [np.abs(result - due).max() / (1e-5 * due.max()) for result in near]
    return bool(off[0] > 2.2 and off[1] < 1 / 2.2 and off[2] > 2.2)


def _one_winner(x: Array) -> bool:
    """Whether each row has a single largest entry: two ways to choose it are then the same."""
    return bool(np.all(np.sum(x == x.max(axis=-1, keepdims=True), axis=-1) == 1))


def attend_cases(rng: np.random.Generator, attend: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        n_q: int,
        n_k: int,
        d_k: int,
        d_v: int,
        kind: CaseKind = "ordinary",
        ships: bool = True,
    ) -> Case:
        # With a single key the output is its value, which must not be a number that rounding leaves alone.
        decimals = 2 if n_k > 1 else 6
        return drawn(
            name,
            lambda: (normal(rng, n_q, d_k), normal(rng, n_k, d_k), normal(rng, n_k, d_v, decimals=decimals)),
            lambda Query, Key, Value: telling(attend(Query, Key, Value)) and _one_best_key(Query, Key),
            of=attend,
            kind=kind,
            small=lambda Query, Key, Value: _one_best_key(Query, Key),
            ships=ships,
        )

    def uneven() -> tuple[Array, ...]:
        """The query of some token tells its keys well apart: weights get small, and are not to be left out."""
        Query, Key, Value = normal(rng, 10, 6), normal(rng, 10, 6), normal(rng, 10, 6)
        Query[rng.integers(10)] *= 3
        return np.round(Query, 2), Key, Value

    def small_weights_count(Query: Array, Key: Array, Value: Array) -> bool:
        """Whether weights below 1e-4 show in the result, and all that must hold of any other does."""
        output = attend(Query, Key, Value)
        weights = attend(Query, Key, np.eye(len(Key)))
        shown = np.abs(np.where(weights < 1e-4, 0, weights) @ Value - output).max()
        return bool(shown > 2.2e-5 * np.abs(output).max() and telling(output) and _one_best_key(Query, Key))

    def huge_scores() -> tuple[Array, ...]:
        """Whole numbers with scores beyond 709, above and below zero; the last query is small and weighs evenly."""
        Query = rng.integers(-60, 61, size=(4, 3)).astype(float)
        Query[-1] = normal(rng, 3, size=0.02)
        return Query, rng.integers(-60, 61, size=(4, 3)).astype(float), normal(rng, 4, 2)

    def overflow(Query: Array, Key: Array, Value: Array) -> bool:
        scores = _scores(Query, Key)
        # Some query finds its key well after its own place: a mask of later keys then shows.
        later = np.any(scores[:-1].argmax(axis=-1) > np.arange(3) + 1)
        beyond = np.all(scores[:-1].max(axis=-1) > 760) and 0.3 < np.ptp(scores[-1]) < 4
        return bool(later and beyond and _ahead(scores[:-1], by=40) and _one_best_key(Query, Key))

    yield case("a short sentence", n_q=4, n_k=4, d_k=3, d_v=2)
    yield case("more queries than keys", n_q=6, n_k=4, d_k=3, d_v=5)
    yield case("more keys than queries", n_q=3, n_k=7, d_k=2, d_v=4)
    yield drawn(
        "the sizes of the lesson",
        uneven,
        small_weights_count,
        of=attend,
        small=lambda Query, Key, Value: _one_best_key(Query, Key),
    )
    yield case("all sizes equal", n_q=5, n_k=5, d_k=5, d_v=5)
    yield case("one token", n_q=1, n_k=1, d_k=5, d_v=3, kind="one-token")
    yield case("one query", n_q=1, n_k=5, d_k=3, d_v=2, kind="one-token")
    yield case("one key", n_q=3, n_k=1, d_k=2, d_v=4, kind="one-token")
    yield drawn("huge scores", huge_scores, overflow, of=attend, kind="huge")
    yield case("a long text", n_q=17, n_k=21, d_k=15, d_v=13, kind="large", ships=False)


def _scores(Query: Array, Key: Array) -> Array:
    return Query @ Key.T / np.sqrt(Key.shape[-1])


def _one_best_key(Query: Array, Key: Array) -> bool:
    """Whether each query has a single best key: all ways to choose it are then the same."""
    return len(Key) == 1 or _ahead(_scores(Query, Key), by=1e-6)


def _ahead(scores: Array, *, by: float) -> bool:
    """Whether the largest score of each row is ahead of the second by so much."""
    ordered = np.sort(scores, axis=-1)
    return bool(np.all(ordered[:, -1] - ordered[:, -2] > by))


CASES = {"scaled_scores": scaled_scores_cases, "softmax": softmax_cases, "attend": attend_cases}
CHECKS = {
    "scaled_scores": {
        "the scores of a short sentence": (3, "a short sentence"),
        "more queries than keys, or fewer": (3, "more queries than keys", "more keys than queries"),
        "any d_k": (2, "the sizes of the lesson", "all sizes equal", "a long text"),
        "negative scores": (1, "all scores negative"),
        "huge scores": 1,
        "one token": 1,
        "one key": 1,
        "leaves its inputs alone": 1,
    },
    "softmax": {
        "tables of scores": (3, "a table of scores", "ten rows, ten columns"),
        "a single row": (1, "a single row", "a table of one row"),
        "a stack of tables": (1, "a stack of tables", "a large stack"),
        "all entries negative": 1,
        "huge entries": 1,
        "rows of very different size": (
            1,
            "rows of very different size",
            "minus infinity beside huge entries",
        ),
        "minus infinity gets no weight": (1, "some entries minus infinity"),
        "leaves its inputs alone": 1,
    },
    "attend": {
        "the output of a short sentence": (4, "a short sentence"),
        "more queries than keys, or fewer": (4, "more queries than keys", "more keys than queries"),
        "any d_k and d_v": (2, "the sizes of the lesson", "all sizes equal", "a long text"),
        "one token": 1,
        "one query, one key": (1, "one query", "one key"),
        "huge scores": 2,
        "leaves its inputs alone": 1,
    },
}

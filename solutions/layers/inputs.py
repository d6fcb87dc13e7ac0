"""The inputs of this unit's functions, and what its checks weigh.

In each function some case has the sizes of another, so that what was kept by the sizes is wrong in one of them.
What is made of sizes alone, the mask and the encoding, has other sizes in the hidden checks than in what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.author import Array, Case, CaseKind, Procedure, drawn, normal, telling
from solutions.layers import model
from solutions.layers.model import causal_mask


def causal_mask_cases(rng: np.random.Generator) -> Iterator[Case]:
    few, some, more, many = sorted(int(n) for n in rng.choice(np.arange(3, 16), size=4, replace=False))
    yield Case("a short sentence", (few,))
    yield Case("a sentence", (some,))
    yield Case("a longer sentence", (more,))
    yield Case("two sentences", (many,))
    yield Case("two tokens", (2,), kind="one-token")
    yield Case("one token", (1,), kind="one-token")
    # Beyond what a table made once for 50, 64, 100 or 128 tokens holds.
    yield Case("a long text", (int(rng.integers(130, 150)),), kind="large", ships=False)


def positional_encoding_cases(rng: np.random.Generator) -> Iterator[Case]:
    few, some, many, pairs, same = _sizes(rng, (3, 4), (5, 8), (9, 12), (3, 5), (3, 5))
    yield Case("a short sentence", (few, 2 * pairs))
    yield Case("more tokens than features", (many, 4))
    yield Case("more features than tokens", (few + 1, 2 * (pairs + 3)))
    yield Case("as many tokens as features", (2 * same, 2 * same))
    # As many features as in the first, and more tokens; then as many tokens, and fewer features.
    yield Case("a longer text", (some + many, 2 * pairs))
    yield Case("two features", (few, 2), kind="one-token")
    yield Case("one token", (1, 2 * pairs), kind="one-token")
    # Beyond what a table made once for 50, 64, 100 or 128 tokens, or 16 features, holds.
    yield Case("a long text", (int(rng.integers(66, 80)), 2), kind="large")
    yield Case("a longer text of many features", (int(rng.integers(130, 150)), 18), kind="large", ships=False)


def _sizes(rng: np.random.Generator, *ranges: tuple[int, int]) -> Iterator[int]:
    """A size from each of these ranges, both ends included."""
    yield from (int(rng.integers(low, high, endpoint=True)) for low, high in ranges)


def layer_norm_cases(rng: np.random.Generator, layer_norm: Procedure) -> Iterator[Case]:
    def case(name: str, n: int, d_model: int, kind: CaseKind = "ordinary") -> Case:
        """Far from mean 0 and variance 1."""
        return drawn(
            name,
            lambda: (np.round(tokens(n, d_model, 11, 17), 2),),
            lambda x: is_wide(x) and telling(layer_norm(x)),
            of=layer_norm,
            kind=kind,
            small=is_wide,
        )

    def tokens(n: int, d_model: int, low: float, high: float) -> Array:
        """Tokens of any mean, with a variance in this range."""
        x = rng.normal(size=(n, d_model))
        normal = (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)
        return rng.normal(size=(n, 1), loc=1.5, scale=1.3) + np.sqrt(rng.uniform(low, high, (n, 1))) * normal

    def is_wide(x: Array) -> bool:
        """Whether an epsilon of 1e-3 shows, and one of 1e-4 or less does not."""
        variances = x.var(axis=-1)
        return bool(np.all((variances > 10) & (variances < 18)))

    def small() -> tuple[Array]:
        """Tokens of a small variance, one of them below 1: 1e-4 in the place of 1e-5 shows, and something smaller, or nothing, does not."""
        return (np.round(np.vstack([tokens(2, 5, 1.2, 1.8), tokens(1, 5, 0.84, 0.96)]), 2),)

    def is_small(x: Array) -> bool:
        *others, below = x.var(axis=-1)
        if not (0.83 < below < 0.97 and min(others) > 1.1 and max(others) < 1.9):
            return False
        made = layer_norm(x)
        largest = np.abs(made).max(axis=-1)
        # No epsilon at all stays within half the tolerance.
        return bool(np.all(largest / x.var(axis=-1) < 0.95 * largest.max())) and telling(made)

    def far() -> tuple[Array]:
        """Many tokens of many features, of which one is far from all others: more than five standard deviations."""
        x = rng.normal(size=(13, 32), scale=0.4)
        x[np.arange(13), rng.integers(32, size=13)] += 20 * rng.choice([-1, 1], size=13)
        return (np.round(x, 2),)

    def flat() -> tuple[Array]:
        """One token whose features are all the same; in quarters, which single precision holds exactly."""
        x = np.round(4 * tokens(3, 4, 11, 17)) / 4
        x[1] = x[1, 0]
        return (x,)

    def one_is_flat(x: Array) -> bool:
        return is_wide(x[[0, 2]]) and x[1, 0] != 0 and telling(layer_norm(x))

    yield case("a short sentence", 3, 5)
    yield case("more tokens than features", 7, 4)
    yield case("the sizes of the lesson", 10, 8)
    yield case("as many tokens as features", 5, 5)
    # As large as the first.
    yield drawn("small features", small, is_small, of=layer_norm, small=lambda x: False)
    yield case("one token", 1, 6, kind="one-token")
    yield drawn("a token with equal features", flat, one_is_flat, kind="huge")
    # In this function and those below: larger than all the others in every size, so that a loop up to a number that
    # fits those ends too early.
    yield drawn("a long text", far, of=layer_norm, kind="large", ships=False)


def feed_forward_cases(rng: np.random.Generator, feed_forward: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        n: int,
        d_model: int,
        d_ff: int,
        kind: CaseKind = "ordinary",
        size: float = 1.0,
        beyond: float = 0.0,
        ships: bool = True,
    ) -> Case:
        def draw() -> tuple[Array, ...]:
            return (
                normal(rng, n, d_model, size=size),
                normal(rng, d_model, d_ff, size=1.2 / np.sqrt(d_model)),
                normal(rng, d_ff, size=0.4),
                normal(rng, d_ff, d_model, size=1.2 / np.sqrt(d_ff)),
                normal(rng, d_model, size=0.4),
            )

        def holds(*args: Array) -> bool:
            hidden = args[0] @ args[1] + args[2]
            # Nothing is so near 0 that it is negative for one student and positive for the next.
            # Large ones are so far from it that the smooth activations all do the same as the ReLU.
            apart = np.all(np.abs(hidden) > (20 if beyond else 0.01)) and hidden.max() > beyond
            # Large results are not told by their decimals.
            return bool(apart) and (beyond > 0 or telling(feed_forward(*args)))

        reference = (
            feed_forward if ships else None
        )  # of so many rows, some have two entries that are nearly equal
        return drawn(name, draw, holds, of=reference, kind=kind, small=lambda *args: True, ships=ships)

    def tiny() -> tuple[Array, ...]:
        """Hidden features near 0 that make a result near 1: what is only small is not 0, nor is it smooth."""
        return (
            normal(rng, 4, 3, size=6e-5, decimals=7),
            normal(rng, 3, 6, size=0.7),
            normal(rng, 6, size=3e-5, decimals=7),
            normal(rng, 6, 3, size=6e3, decimals=0) + 0.5,
            normal(rng, 3, size=0.4),
        )

    def shows(*args: Array) -> bool:
        """Whether some hidden feature of either sign counts, down to a millionth."""
        hidden = args[0] @ args[1] + args[2]
        small = (np.abs(hidden) > 1e-6) & (np.abs(hidden) < 1e-5)
        return bool(np.any(small & (hidden > 0)) and np.all(np.abs(hidden) > 1e-7)) and telling(
            feed_forward(*args)
        )

    yield case("a short sentence", 3, 4, 6)
    yield case("a narrow network", 5, 6, 2)
    yield case("more tokens than features", 7, 3, 5)
    yield case("a wide network", 4, 5, 9)
    yield case("all sizes equal", 4, 4, 4)
    yield case("one token", 1, 5, 7, kind="one-token")
    # ReLU without an upper end: in small networks one at 6, as ReLU6 has it, or at 100 would never be met.
    yield case("large entries", 3, 4, 6, kind="huge", size=100.0, beyond=120.0)
    # And without a flat part above 0.
    yield drawn(
        "small entries",
        tiny,
        shows,
        of=feed_forward,
        kind="huge",
        small=lambda *args: False,
        ships=False,
    )
    yield case("a long text", 13, 8, 17, kind="large", ships=False)


def _weights(
    rng: np.random.Generator, d_model: int, h: int, d_k: int, d_v: int, d_ff: int
) -> tuple[Array, ...]:
    """The eight arrays of weights of one layer."""
    size = 1.6 / np.sqrt(d_model)
    return (
        normal(rng, h, d_model, d_k, size=size),
        normal(rng, h, d_model, d_k, size=size),
        normal(rng, h, d_model, d_v, size=0.5),
        normal(rng, h * d_v, d_model, size=0.9 / np.sqrt(h * d_v)),
        normal(rng, d_model, d_ff, size=0.8 / np.sqrt(d_model)),
        normal(rng, d_ff, size=0.3),
        normal(rng, d_ff, d_model, size=0.8 / np.sqrt(d_ff)),
        normal(rng, d_model, size=0.2),
    )


def _tokens(rng: np.random.Generator, n: int, d_model: int) -> Array:
    """Tokens of moderate size whose features are apart, so that no variance is small."""
    return np.round(rng.choice([-1, 1], size=(n, d_model)) * rng.uniform(0.7, 1.5, size=(n, d_model)), 2)


def _near(one: Array, other: Array) -> bool:
    """Whether what is due and what comes of another epsilon, or of none, are well within the tolerance of each other."""
    return bool(np.abs(one - other).max() < 0.6e-5 * np.abs(one).max())


def multi_head_cases(rng: np.random.Generator, reference: Procedure) -> Iterator[Case]:
    """What the unit asks of the multi_head that is brought: as before, and a mask."""

    def case(name: str, n: int, mask: Array, kind: CaseKind = "ordinary") -> Case:
        return drawn(
            name,
            lambda: (normal(rng, n, 5), *_weights(rng, 5, 2, 3, 4, 2)[:4], mask),
            lambda *args: telling(reference(*args)),
            kind=kind,
        )

    yield case("later tokens are hidden", 4, causal_mask(4))
    yield case("nothing is hidden", 3, np.zeros((3, 3)))
    yield case("one token", 1, np.zeros((1, 1)), kind="one-token")


def _neighbours(n: int) -> Array:
    """Each token sees itself, the one before and the one after it."""
    places = np.arange(n)
    return np.where(np.abs(places - places[:, None]) > 1, -np.inf, 0.0)


def block_cases(rng: np.random.Generator, block: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        n: int,
        d_model: int,
        h: int,
        d_k: int,
        d_v: int,
        d_ff: int,
        kind: CaseKind = "ordinary",
        mask: Array | None = None,
        ships: bool = True,
    ) -> Case:
        mask = causal_mask(n) if mask is None else mask

        def draw() -> tuple[Array, ...]:
            return (_tokens(rng, n, d_model), mask, *_weights(rng, d_model, h, d_k, d_v, d_ff))

        def holds(*args: Array) -> bool:
            output = block(*args)
            # Results of many heads are large, and not told by their decimals.
            return (not ships or telling(output)) and _near(output, model.block(*args, epsilon=0))

        return drawn(
            name,
            draw,
            holds,
            of=block if ships else None,  # of so many rows, some have two entries that are nearly equal
            kind=kind,
            small=lambda *args: False,
            ships=ships,
        )

    def huge_scores() -> tuple[Array, ...]:
        W_Q, W_K, *others = _weights(rng, 4, 2, 5, 3, 6)
        return (_tokens(rng, 4, 4), causal_mask(4), np.round(28 * W_Q, 2), np.round(28 * W_K, 2), *others)

    def hidden_scores_win(x: Array, mask: Array, W_Q: Array, W_K: Array, *others: Array) -> bool:
        """Whether some hidden token scores more than 1000 above all that are seen, of which one wins by far."""
        normal = model.layer_norm(x)
        scores = (normal @ W_Q) @ np.swapaxes(normal @ W_K, -1, -2) / np.sqrt(W_K.shape[-1])
        seen = np.sort(scores + mask, axis=-1)
        over = np.where(np.isinf(mask), scores, -np.inf).max(axis=-1) - seen[..., -1]
        ahead = np.all(seen[:, 1:, -1] - seen[:, 1:, -2] > 40)
        return bool(ahead and over.max() > 1100)

    yield case("a short sentence", n=3, d_model=4, h=2, d_k=5, d_v=2, d_ff=6)
    yield case("three heads", n=4, d_model=6, h=3, d_k=2, d_v=4, d_ff=5)
    yield case("one head", n=4, d_model=5, h=1, d_k=3, d_v=2, d_ff=6)
    # As large as the first; then a mask that is neither.
    yield case("nothing is masked", n=3, d_model=4, h=2, d_k=5, d_v=2, d_ff=6, mask=np.zeros((3, 3)))
    yield case("neighbours alone", n=4, d_model=5, h=2, d_k=3, d_v=4, d_ff=6, mask=_neighbours(4))
    yield case("all sizes equal", n=3, d_model=3, h=3, d_k=3, d_v=3, d_ff=3)
    yield case("one token", n=1, d_model=6, h=2, d_k=3, d_v=5, d_ff=4, kind="one-token")
    yield case("many heads", n=11, d_model=9, h=4, d_k=8, d_v=6, d_ff=11, kind="large", ships=False)
    yield drawn(
        "huge scores",
        huge_scores,
        hidden_scores_win,
        of=block,
        kind="huge",
        small=lambda *args: False,
        ships=False,
    )


def stack_cases(rng: np.random.Generator, stack: Procedure) -> Iterator[Case]:
    def case(
        name: str,
        layers: int,
        n: int,
        d_model: int,
        h: int = 2,
        d_k: int = 3,
        d_v: int = 2,
        d_ff: int = 5,
        kind: CaseKind = "ordinary",
        ships: bool = True,
    ) -> Case:
        def draw() -> tuple[Array, list[tuple[Array, ...]]]:
            weights = [_weights(rng, d_model, h, d_k, d_v, d_ff) for _ in range(layers)]
            return _tokens(rng, n, d_model), weights

        def holds(embeddings: Array, layers: list[tuple[Array, ...]]) -> bool:
            output = stack(embeddings, layers)
            return telling(output) and _near(output, model.stack(embeddings, layers, epsilon=0))

        return drawn(
            name,
            draw,
            holds,
            of=stack if ships else None,
            kind=kind,
            small=lambda *args: False,
            ships=ships,
        )

    yield case("two layers", 2, n=3, d_model=4)
    yield case("two other layers", 2, n=3, d_model=4)
    yield case("three layers", 3, n=4, d_model=6, d_k=2)
    yield case("four layers", 4, n=3, d_model=4, h=1, d_ff=3)
    yield case("more tokens than features", 2, n=6, d_model=4, d_v=3)
    yield case("one layer", 1, n=4, d_model=6)
    yield case("one token", 2, n=1, d_model=6, kind="one-token")
    yield case("many layers", 5, n=11, d_model=10, h=4, ships=False, kind="large")


CASES = {
    "multi_head": multi_head_cases,
    "causal_mask": causal_mask_cases,
    "positional_encoding": positional_encoding_cases,
    "layer_norm": layer_norm_cases,
    "feed_forward": feed_forward_cases,
    "block": block_cases,
    "stack": stack_cases,
}
CHECKS = {
    "causal_mask": {
        "the mask of a short sentence": (2, "a short sentence"),
        "the mask of longer ones": (2, "a sentence", "a longer sentence", "two sentences", "a long text"),
        "two tokens, and one": (1, "two tokens", "one token"),
        "leaves earlier results alone": 1,
    },
    "positional_encoding": {
        "the positions of a short sentence": (4, "a short sentence"),
        "more tokens than features, or fewer": (3, "more tokens than features", "more features than tokens"),
        "as many tokens as features": 2,
        "a longer text, and a long one": (
            1,
            "a longer text",
            "a long text",
            "a longer text of many features",
        ),
        "two features": 1,
        "one token": 1,
        "leaves earlier results alone": 1,
    },
    "layer_norm": {
        "the features of a sentence": (4, "a short sentence", "the sizes of the lesson"),
        "more tokens than features": (2, "more tokens than features", "a long text"),
        "as many tokens as features": 2,
        "small features": 1,
        "one token": 1,
        "a token with equal features": 1,
        "leaves its inputs alone": 1,
    },
    "feed_forward": {
        "the network on a short sentence": (4, "a short sentence"),
        "a wide network, and a narrow one": (3, "a wide network", "a narrow network"),
        "more tokens than features": (1, "more tokens than features", "a long text"),
        "all sizes equal, and large entries": (1, "all sizes equal", "large entries", "small entries"),
        "one token": 1,
        "leaves its inputs alone": 1,
    },
    "block": {
        "a short sentence": 5,
        "one head, and three": (3, "one head", "three heads", "many heads"),
        "other masks": (2, "nothing is masked", "neighbours alone", "huge scores"),
        "all sizes equal": 1,
        "one token": 1,
        "leaves its inputs alone": 1,
    },
    "stack": {
        "two layers": (4, "two layers", "two other layers"),
        "three layers, and four": (4, "three layers", "four layers", "many layers"),
        "more tokens than features": 1,
        "one layer": 2,
        "one token": 1,
        "leaves its inputs alone": 1,
    },
}

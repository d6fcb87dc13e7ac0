"""The inputs of this unit's functions.

A family of inputs is public, hidden or explain; all three hold the same cases with the same shapes, so that
a verdict does not hang on the seed, and only the numbers differ. What chance could spoil is drawn again: a
matrix whose entries a coarse rounding leaves as they are, or words that a mistake happens to get right.
"""

from __future__ import annotations

import numpy as np

from autograder.author import Array, Case, again_until, normal, telling
from solutions.embeddings.reference import PROJECT_QKV

# ---------------------------------------------------------------------------------------------------- one_hot

# No word is part of another, and all are lower case: mistakes in comparing words have a case of their own.
WORDS = [
    "tennis",
    "player",
    "serve",
    "forehand",
    "rally",
    "court",
    "skilled",
    "spin",
    "champion",
    "umpire",
    "clay",
    "grass",
    "racket",
    "volley",
    "coach",
    "crowd",
    "match",
    "trophy",
    "final",
    "lesson",
    "practice",
    "kindness",
    "school",
    "children",
    "library",
    "garden",
    "kitchen",
    "bicycle",
    "weather",
    "music",
    "piano",
    "violin",
    "doctor",
    "teacher",
    "river",
    "mountain",
    "window",
    "summer",
    "winter",
    "breakfast",
]
LOOK_ALIKES = ["play", "player", "players", "Will", "will", "a", "an", "and"]


def _sentence(
    rng: np.random.Generator,
    tokens: int,
    words: int,
    distinct: int,
    last: bool = True,
    pool: list[str] = WORDS,
) -> tuple[list[str], list[str]]:
    """Tokens and vocabulary: `distinct` of the words occur, in an order of their own, the `last` one or not.

    One place too far is an error for the last word alone.
    """

    def draw() -> tuple[list[str], list[str]]:
        vocabulary = [str(word) for word in rng.choice(pool, size=words, replace=False)]
        used = rng.choice(words, size=distinct, replace=False)
        extra = rng.choice(used, size=tokens - distinct)
        places = rng.permutation(np.concatenate([used, extra]))
        return [vocabulary[place] for place in places], vocabulary

    return again_until(lambda drawn: _mixed(*drawn) and last == (drawn[1][-1] in drawn[0]), draw)


def _mixed(tokens: list[str], vocabulary: list[str]) -> bool:
    """Whether no order of the tokens' own words passes for the vocabulary, and no simple slip goes unseen."""
    columns = [vocabulary.index(token) for token in tokens]
    words = list(dict.fromkeys(tokens))
    table = np.eye(len(vocabulary))[columns]
    return (
        vocabulary != sorted(vocabulary)
        and vocabulary[: len(words)] not in (words, sorted(words), words[::-1])
        # one place too near wraps around for the first word alone
        and 0 in columns
        and columns != [tokens.index(token) for token in tokens]
        and columns[: len(vocabulary)] != list(range(len(tokens)))[: len(vocabulary)]
        and not (table.shape[0] == table.shape[1] and np.array_equal(table, table.T))
        and tokens != tokens[::-1]
    )


def one_hot_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    some = _sentence(rng, tokens=5, words=7, distinct=5, last=False)
    repeated = _sentence(rng, tokens=8, words=4, distinct=3)
    repeated_all = _sentence(rng, tokens=6, words=5, distinct=4)
    ten = _sentence(rng, tokens=10, words=10, distinct=10)
    alike = _sentence(rng, tokens=8, words=8, distinct=8, pool=LOOK_ALIKES)
    # The last word only after the unknown one: where a column is too far, it is always the unknown word that stops.
    tokens, vocabulary = again_until(
        lambda drawn: drawn[1][-1] not in drawn[0][:2],
        lambda: _sentence(rng, tokens=4, words=6, distinct=4),
    )
    unknown = str(rng.choice([word for word in WORDS if word not in vocabulary]))
    # In the middle: neither a first nor a last token is special.
    with_unknown = [*tokens[:2], unknown, *tokens[2:]]
    words = again_until(
        lambda words: sorted(words)[2] != words[2],
        lambda: [str(word) for word in rng.choice(WORDS, size=6, replace=False)],
    )
    return (
        Case("a short sentence", some),
        Case("repeated words", repeated),
        Case("more tokens than words", repeated_all),
        Case("ten tokens, ten words", ten),
        Case("words that look alike", alike),
        Case("one token", ([words[2]], words), kind="one-token"),
        Case("no tokens", ([], words), kind="no-tokens"),
        Case(
            "an unknown word",
            (with_unknown, vocabulary),
            kind="unknown-word",
            raises=("ValueError", "KeyError"),
        ),
    )


# ------------------------------------------------------------------------------------------------ project_qkv


def _projection(rng: np.random.Generator, n: int, d_model: int, d_k: int, d_v: int) -> tuple[Array, ...]:
    """Embeddings and the three weight matrices."""

    def weights(columns: int) -> Array:
        # Three decimals: a product rounded to four is then not exact.
        return normal(rng, d_model, columns, size=0.75 / np.sqrt(d_model), decimals=3)

    return again_until(
        lambda args: telling(PROJECT_QKV(*args)),
        lambda: (normal(rng, n, d_model), weights(d_k), weights(d_k), weights(d_v)),
    )


def project_qkv_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    return (
        Case("a short sentence", _projection(rng, n=4, d_model=5, d_k=3, d_v=2)),
        Case("the sizes of the lesson", _projection(rng, n=10, d_model=8, d_k=6, d_v=6)),
        Case("values wider than keys", _projection(rng, n=3, d_model=6, d_k=2, d_v=7)),
        Case("more features than embeddings", _projection(rng, n=2, d_model=3, d_k=7, d_v=5)),
        Case("all sizes equal", _projection(rng, n=5, d_model=5, d_k=5, d_v=5)),
        Case("one token", _projection(rng, n=1, d_model=6, d_k=5, d_v=3), kind="one-token"),
    )


CASES = {"one_hot": one_hot_cases, "project_qkv": project_qkv_cases}

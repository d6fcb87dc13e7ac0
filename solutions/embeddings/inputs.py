"""The inputs of this unit's functions.

Where words stand, how often they come and how they are ordered is the whole result of `one_hot`: they are the same for
all students, and others in what is graded, what is explained and what the visible checks show.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

import numpy as np

from autograder.author import (
    Array,
    Case,
    CaseKind,
    Procedure,
    again_until,
    drawn,
    normal,
    telling,
)

# No word is part of another, and all are lower case: mistakes in comparing words have a case of their own.
WORDS = """
tennis player serve forehand rally court skilled spin champion umpire clay grass racket volley coach
crowd match trophy final lesson practice kindness school children library garden kitchen bicycle weather
music piano violin doctor teacher river mountain window summer winter breakfast
""".split()
LOOK_ALIKES = ["play", "player", "player,", "Will", "will", "a", "an", "and"]


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
        all([order.index(token) for token in tokens] != columns for order in _orders(vocabulary))
        and vocabulary[: len(words)] not in (words, sorted(words), words[::-1])
        # what goes by a word's first letter, or by its length, takes one word for another
        and len({word[0] for word in words}) < len(words)
        and len({len(word) for word in words}) < len(words)
        # one place too near wraps around for the first word alone
        and 0 in columns
        and columns != [tokens.index(token) for token in tokens]
        and columns[: len(vocabulary)] != list(range(len(tokens)))[: len(vocabulary)]
        and not (table.shape[0] == table.shape[1] and np.array_equal(table, table.T))
        and tokens != tokens[::-1]
    )


def _parts_show(tokens: list[str], vocabulary: list[str]) -> bool:
    """Whether the first word, and the last, that a token is a part of, or that is a part of it, is another for some token."""

    def places(alike: Callable[[str, str], bool]) -> list[list[int]]:
        return [[j for j, word in enumerate(vocabulary) if alike(token, word)] for token in tokens]

    columns = [[vocabulary.index(token)] for token in tokens]
    return all(
        [found[:1] for found in places(alike)] != columns != [found[-1:] for found in places(alike)]
        for alike in (
            operator.contains,
            lambda token, word: token in word,
            str.startswith,
            lambda token, word: word.startswith(token),
        )
    )


def _in_another_order(tokens: list[str], vocabulary: list[str]) -> bool:
    """Whether the tokens stand in another order than in the vocabulary."""
    columns = [vocabulary.index(token) for token in tokens]
    return columns != sorted(columns)


def _orders(vocabulary: list[str]) -> Iterator[list[str]]:
    """Orders in which code may put the words of a vocabulary, where they should stay as they are."""
    yield vocabulary[::-1]
    for key in (str, str.lower, len, lambda word: word[::-1], lambda word: (len(word), word)):
        yield sorted(vocabulary, key=key)
        yield sorted(vocabulary, key=key, reverse=True)


def one_hot_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    some = _sentence(rng, tokens=5, words=7, distinct=5, last=False)
    repeated = _sentence(rng, tokens=8, words=4, distinct=3)
    # As large as the one before: what was kept by the sizes is wrong here.
    repeated_all = _sentence(rng, tokens=8, words=4, distinct=4)
    ten = _sentence(rng, tokens=10, words=10, distinct=10)
    alike = again_until(
        lambda drawn: _parts_show(*drawn),
        lambda: _sentence(rng, tokens=8, words=8, distinct=8, pool=LOOK_ALIKES),
    )
    words = again_until(
        lambda words: all(order[2] != words[2] for order in _orders(words)),
        lambda: [str(word) for word in rng.choice(WORDS, size=6, replace=False)],
    )
    # The last word only after the unknown one: where a column is too far, it is always the unknown word that stops.
    tokens, vocabulary = again_until(
        lambda drawn: drawn[1][-1] not in drawn[0][:2],
        lambda: _sentence(rng, tokens=4, words=6, distinct=4),
    )
    # It was known in the calls before: a word is looked up in the vocabulary of its own call.
    unknown = str(rng.choice([word for word in words if word not in vocabulary]))
    # In the middle: neither a first nor a last token is special.
    with_unknown = [*tokens[:2], unknown, *tokens[2:]]
    errors = ("ValueError", "KeyError")
    # Larger than all the others: a loop up to a number that fits those ends too early.
    many = _sentence(rng, tokens=35, words=30, distinct=30)
    return (
        Case("a short sentence", some, small=_in_another_order),
        Case("repeated words", repeated, small=_in_another_order),
        Case("more tokens than words", repeated_all, small=_in_another_order),
        Case("ten tokens, ten words", ten),
        Case("words that look alike", alike),
        Case("one token", ([words[2]], words), kind="one-token"),
        Case("no tokens", ([], words), kind="no-tokens"),
        Case("an unknown word", (with_unknown, vocabulary), kind="unknown-word", raises=errors),
        Case("a long text", many, kind="large", ships=False),
    )


def project_qkv_cases(rng: np.random.Generator, reference: Procedure) -> tuple[Case, ...]:
    def case(
        name: str,
        n: int,
        d_model: int,
        d_k: int,
        d_v: int,
        kind: CaseKind = "ordinary",
        ships: bool = True,
    ) -> Case:
        def draw() -> tuple[Array, ...]:
            size = 0.75 / np.sqrt(d_model)
            weights = (normal(rng, d_model, columns, size=size) for columns in (d_k, d_k, d_v))
            return normal(rng, n, d_model), *weights

        holds, small = (lambda *args: telling(reference(*args))), (lambda *args: True)
        return drawn(name, draw, holds, of=reference, kind=kind, small=small, ships=ships)

    return (
        case("a short sentence", n=4, d_model=5, d_k=3, d_v=2),
        case("a sentence as long", n=4, d_model=5, d_k=3, d_v=2),
        case("the sizes of the lesson", n=10, d_model=8, d_k=6, d_v=6),
        case("values wider than keys", n=3, d_model=6, d_k=2, d_v=7),
        case("more features than embeddings", n=2, d_model=3, d_k=7, d_v=5),
        case("all sizes equal", n=5, d_model=5, d_k=5, d_v=5),
        case("one token", n=1, d_model=6, d_k=5, d_v=3, kind="one-token"),
        # As in one_hot, and in every size.
        case("a long text", n=19, d_model=14, d_k=12, d_v=13, kind="large", ships=False),
    )


CASES = {"one_hot": one_hot_cases, "project_qkv": project_qkv_cases}


# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "one_hot": {
        "each 1 in the column of its word": (4, "a short sentence", "ten tokens, ten words", "a long text"),
        "repeated words": (2, "repeated words", "more tokens than words"),
        "words that look alike": 1,
        "one token": 1,
        "no tokens": 1,
        "an unknown word is an error": (1, "an unknown word"),
        "leaves its inputs alone": 1,
    },
    "project_qkv": {
        "the projections of a short sentence": (4, "a short sentence", "a sentence as long"),
        "the sizes of the lesson": 2,
        "sizes that all differ": (
            2,
            "values wider than keys",
            "more features than embeddings",
            "a long text",
        ),
        "all sizes equal": 1,
        "one token": 2,
        "leaves its inputs alone": 1,
    },
}

"""The mistakes that students make in `one_hot`, each with its symptom computed from the reference.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.author import Array, Case, Misconception, Outcome, Procedure, Returned
from solutions.embeddings.reference import ONE_HOT, look_up, set_ones

ONE_HOT_LESSON = "One-hot vectors"

ANIMALS = '["dog", "cat"], ["cat", "dog", "mouse"]'
Changed = Callable[..., Array]
_columns = ONE_HOT.changing("look up")
_ones = ONE_HOT.changing("set the ones")


def _own_columns(tokens: list[str]) -> Array:
    return look_up(tokens, sorted(set(tokens)))


def _columns_as_they_come(tokens: list[str]) -> Array:
    return look_up(tokens, list(dict.fromkeys(tokens)))


def _own_vocabulary(columns: Changed) -> Procedure:
    return _columns(columns, "tokens").replacing(
        "all zeros", lambda tokens: np.zeros((len(tokens), len(set(tokens)))), operands=("tokens",)
    )


OWN_VOCABULARY = _own_vocabulary(_own_columns)


def _has_columns_of_its_own(case: Case, outcome: Outcome, right: bool) -> bool:
    """Whether there is one column for each different token, in whatever order: a set has none."""
    tokens = case.args[0]
    table = outcome.value if isinstance(outcome, Returned) else None
    if not isinstance(table, np.ndarray) or table.shape != (len(tokens), len(set(tokens))):
        return False
    if not (np.all((table == 0) | (table == 1)) and np.all(table.sum(axis=1) == 1)):
        return False
    pairs = set(zip(tokens, table.argmax(axis=1).tolist(), strict=True))
    return len(pairs) == len(set(tokens)) == len({column for _, column in pairs})


def _accepts_a_stranger(case: Case, outcome: Outcome, right: bool) -> bool:
    return case.kind != "unknown-word" or isinstance(outcome, Returned)


def _zero_row_for_strangers(tokens: list[str], vocabulary: list[str]) -> Array:
    return np.array([[float(token == word) for word in vocabulary] for token in tokens])


def _zero_row_in_a_table(tokens: list[str], vocabulary: list[str]) -> Array:
    """The same, right for no tokens."""
    return _zero_row_for_strangers(tokens, vocabulary).reshape(len(tokens), len(vocabulary))


def _without(row: int) -> Changed:
    """Leaves one row without its 1, as a loop does that starts too late or ends too early."""

    def op(zeros: Array, columns: Array) -> Array:
        ones = set_ones(zeros, columns)
        ones[row] = 0
        return ones

    return op


def _position(zeros: Array) -> Array:
    """The 1 of row i in column i, as long as there is one."""
    return set_ones(zeros, np.arange(len(zeros)))


def _first_positions(tokens: list[str]) -> Array:
    return np.array([tokens.index(token) for token in tokens])


def _piled_up(zeros: Array, columns: Array) -> Array:
    """Every row gets all the ones."""
    ones = zeros.copy()
    ones[:, columns] = 1
    return ones


def _ones_of_parts(matches: Callable[[str, str], bool]) -> Changed:
    """A 1 in the column of each word that a token matches."""
    return lambda tokens, vocabulary: np.array(
        [[float(matches(token, word)) for word in vocabulary] for token in tokens]
    ).reshape(len(tokens), len(vocabulary))


ONE_HOT_MISCONCEPTIONS = (
    *Misconception(
        id="one_hot.own-vocabulary",
        title="The columns were made from the tokens, not from the vocabulary",
        step="look up",
        symptom=OWN_VOCABULARY,
        fits=_has_columns_of_its_own,
        why=(
            "The columns follow the words of this one sentence. The vocabulary that was passed in is not used, or "
            "its order is lost. Another sentence would get other columns, so the two could not be compared. Word j "
            "of the vocabulary owns column j, even if this sentence never uses that word."
        ),
        look=f"one_hot({ANIMALS}).shape  # three words in the vocabulary: three columns",
        read=ONE_HOT_LESSON,
    ).also(
        # Students' machines have symptoms alone, not the rule for any order.
        _own_vocabulary(_columns_as_they_come),
        fits=None,
    ),
    Misconception(
        id="one_hot.sorted-vocabulary",
        title="The vocabulary was put in another order",
        step="look up",
        symptom=_columns(lambda tokens, vocabulary: look_up(tokens, sorted(vocabulary))),
        why=(
            "The words of the vocabulary were sorted before the columns were given out. There is still one column "
            "for each word, but not the one that the caller means. Word j of the vocabulary owns column j, in the "
            "order in which the list comes. Any other order must stay outside of this function."
        ),
        look='one_hot(["dog"], ["mouse", "dog", "cat", "ant"])  # the second word owns the second column',
        read=ONE_HOT_LESSON,
    ),
    *Misconception(
        id="one_hot.transposed",
        title="Rows and columns are swapped",
        step="all zeros",
        symptom=_ones(lambda zeros, columns: set_ones(zeros, columns).T),
        why=(
            "The table has one row for each word of the vocabulary and one column for each token. It should be the "
            "other way round. Each token is a row, because every later step takes a token as a row of its matrix. "
            "With as many tokens as words the shape looks right, so test it with fewer tokens."
        ),
        look=f"one_hot({ANIMALS}).shape  # two tokens are two rows, three words are three columns",
        read=ONE_HOT_LESSON,
    ).also(
        # The columns of rows: where there are fewer rows than columns, the place is not there.
        ONE_HOT.replacing("all zeros", lambda tokens, words: np.zeros((len(words), len(tokens)))),
    ),
    *Misconception(
        id="one_hot.off-by-one",
        title="The 1 is one place off",
        step="set the ones",
        symptom=_ones(lambda zeros, columns: set_ones(zeros, columns + 1)),
        why=(
            "Something counts from 1 where Python counts from 0. The first word of the vocabulary owns column 0 and "
            "the last one owns column V − 1. One place too far, and the last word falls off the end. One place too "
            "near, and the first word lands in the last column."
        ),
        look='one_hot(["cat"], ["cat", "dog", "mouse"])  # the first word owns the first column',
        read=ONE_HOT_LESSON,
    ).also(
        _ones(lambda zeros, columns: set_ones(zeros, columns - 1)),
        _ones(lambda zeros, columns: set_ones(zeros, (columns + 1) % zeros.shape[1])),
        _ones(lambda zeros, columns: set_ones(np.pad(zeros, ((0, 0), (0, 1))), columns + 1)),
    ),
    *Misconception(
        id="one_hot.row-left-out",
        title="The last row has no 1",
        step="set the ones",
        symptom=_ones(_without(-1)),
        why=(
            "All rows are right but one, which is still all zeros. A loop over the tokens often starts at the second "
            "of them or stops before the last. Python counts from 0, and a range of n numbers ends at n − 1 by "
            "itself. Every token needs its row, the first and the last as well."
        ),
        look=f"one_hot({ANIMALS}).sum(axis=1)  # each row holds a single 1",
        read=ONE_HOT_LESSON,
    ).also(_ones(_without(0)), title="The first row has no 1"),
    *Misconception(
        id="one_hot.position-not-word",
        title="The 1 follows the token's position, not its word",
        step="look up",
        symptom=_ones(_position, "zeros"),
        why=(
            "Row i has its 1 at a place that comes from where the token stands in the sentence. Which word it is "
            "plays no part. So the same word gets two different vectors when it comes twice. What counts is where "
            "the word stands in the vocabulary: equal words must get equal rows."
        ),
        look='one_hot(["mouse", "mouse"], ["cat", "dog", "mouse"])  # the same word twice: two equal rows',
        read=ONE_HOT_LESSON,
    ).also(
        lambda tokens, vocabulary: np.eye(len(tokens), len(vocabulary)),
        lambda tokens, vocabulary: np.eye(len(tokens)),
        lambda tokens, vocabulary: np.eye(len(vocabulary))[np.arange(len(tokens)) % len(vocabulary)],
        _columns(_first_positions, "tokens"),
    ),
    *Misconception(
        id="one_hot.bag-of-words",
        title="The rows were added up into one",
        step="set the ones",
        symptom=_ones(lambda zeros, columns: set_ones(zeros, columns).sum(axis=0)),
        why=(
            "All tokens ended up in one row that counts the words of the sentence. Such a row is called a bag of "
            "words. It no longer knows which token came first, and attention could not tell the tokens apart. Each "
            "token needs a row of its own."
        ),
        look=f"one_hot({ANIMALS}).shape  # two tokens are two rows",
        read=ONE_HOT_LESSON,
    ).also(
        _ones(lambda zeros, columns: set_ones(zeros, columns).sum(axis=0, keepdims=True)),
        _ones(lambda zeros, columns: set_ones(zeros, columns).max(axis=0, initial=0)),
        _ones(lambda zeros, columns: set_ones(zeros, columns).max(axis=0, initial=0, keepdims=True)),
    ),
    *Misconception(
        id="one_hot.integer-labels",
        title="The result holds the places themselves, not vectors",
        step="set the ones",
        symptom=_ones(lambda columns: columns, "columns"),
        why=(
            "Each token became a whole number: the place of its word in the vocabulary. That is a step on the way, "
            "but not yet a vector. As plain numbers, word 6 would count as three times word 2, which means nothing. "
            "Each number should become a row with a single 1 at that place."
        ),
        look=f"one_hot({ANIMALS}).shape  # two tokens and three words: 2 by 3",
        read=ONE_HOT_LESSON,
    ).also(
        _ones(lambda columns: columns[:, None], "columns"), _ones(lambda columns: columns[None], "columns")
    ),
    *Misconception(
        id="one_hot.part-of-a-word",
        title="A word was found inside another word",
        step="set the ones",
        symptom=_ones(_ones_of_parts(lambda token, word: token in word), "tokens", "vocabulary"),
        why=(
            "Between two texts, Python's `in` asks whether one is a part of the other, and so “an” is found in “plan”. "
            "As long as no word holds another one, nothing shows. A token belongs to the column of the very same "
            "word, and to no other."
        ),
        look='one_hot(["an", "plan"], ["plan", "an"])  # each row holds a single 1',
        read=ONE_HOT_LESSON,
    ).also(_ones(_ones_of_parts(lambda token, word: word in token), "tokens", "vocabulary")),
    *Misconception(
        id="one_hot.aliased-rows",
        title="The 1s pile up: rows hold those of other tokens, too",
        step="all zeros",
        symptom=_ones(_piled_up),
        why=(
            "One row of zeros may have been used for every token. A list of lists copied with a star is such a case: "
            "it repeats the same row, not the zeros in it. Or a whole column was set where one place was meant. "
            "Every token needs a row of its own with a single 1."
        ),
        look=f"one_hot({ANIMALS}).sum(axis=1)  # each row holds a single 1",
        read=ONE_HOT_LESSON,
    ).also(
        _ones(lambda zeros, columns: np.maximum.accumulate(set_ones(zeros, columns), axis=0)),
    ),
    Misconception(
        id="one_hot.inverted",
        title="The 0s and 1s are swapped",
        step="set the ones",
        symptom=_ones(lambda zeros, columns: 1 - set_ones(zeros, columns)),
        why=(
            "Each row is full of ones, with a single 0 at the place of the word. A one-hot vector has only one hot "
            "place. Either the table was filled with ones at the start, or a test asks whether two words differ "
            "where it should ask whether they are the same."
        ),
        look=f"one_hot({ANIMALS}).sum(axis=1)  # each row holds a single 1",
        read=ONE_HOT_LESSON,
    ),
    *Misconception(
        id="one_hot.unknown-accepted",
        title="A word that is not in the vocabulary goes unnoticed",
        step="look up",
        symptom=_zero_row_for_strangers,
        edge=True,
        fits=_accepts_a_stranger,
        why=(
            "A token without a place in the vocabulary got a row all the same, often a row of zeros. Nothing warns "
            "the caller, and the mistake shows up much later as strange numbers. An error at once is kinder. Here a "
            "ValueError is due, or a KeyError."
        ),
        look='one_hot(["lion"], ["cat", "dog", "mouse"])  # this should stop with an error',
        read=ONE_HOT_LESSON,
    ).also(_zero_row_in_a_table, fits=None),
)

"""The mistakes that students make in this unit, laid over its solutions. Several ways to make one share its id."""

from __future__ import annotations

import functools
import re
from itertools import permutations, product

import numpy as np

from autograder.author import Array, Case, Misconception, Outcome, Returned, edit

# ---------------------------------------------------------------------------------------------------- one_hot

ONE_HOT_LESSON = "One-hot vectors"
ANIMALS = '["dog", "cat"], ["cat", "dog", "mouse"]'
A_SINGLE_1 = f"one_hot({ANIMALS}).sum(axis=1)  # each row holds a single 1"


def _look_up(words: str) -> dict[str, str]:
    """The columns are those of these words."""
    return {"look up": f"np.array([{words}.index(token) for token in tokens], dtype=int)"}


def _ones(table: str) -> dict[str, str]:
    """What comes of the right table, TABLE."""
    return {"set the ones": table.replace("TABLE", "np.eye(zeros.shape[1])[columns]")}


def _where(match: str) -> dict[str, str]:
    """A 1 in the column of each word that a token matches."""
    table = f"np.array([[float({match}) for word in vocabulary] for token in tokens])"
    return _ones(f"{table}.reshape(len(tokens), len(vocabulary))")


def _a_row_for_all(tokens: list[str], vocabulary: list[str]) -> Array:
    return np.array([[float(token == word) for word in vocabulary] for token in tokens])


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


POSITIONS = {"look up": "np.arange(len(tokens))"}
OWN_COLUMNS = {"all zeros": "np.zeros((len(tokens), len(set(tokens))))"}

one_hot = functools.partial(edit, read=ONE_HOT_LESSON)
# fmt: off
ONE_HOT_MISCONCEPTIONS = (
    # Students' machines have symptoms alone, not the rule for any order.
    *one_hot(
        "one_hot.own-vocabulary", "The columns were made from the tokens, not from the vocabulary",
        _look_up("sorted(set(tokens))") | OWN_COLUMNS, fits=_has_columns_of_its_own,
        off="The columns are off", question="Could you tell from two such results, of two sentences, whether they share a word?",
        why="The columns follow the words of this one sentence. The vocabulary that was passed in is not used, or its order is lost. Another sentence would get other columns, so the two could not be compared. Word j of the vocabulary owns column j, even if this sentence never uses that word.",
        look=f"one_hot({ANIMALS}).shape  # three words in the vocabulary: three columns",
    ).also(_look_up("list(dict.fromkeys(tokens))") | OWN_COLUMNS, fits=None),
    one_hot(
        "one_hot.sorted-vocabulary", "The vocabulary was put in another order", _look_up("sorted(vocabulary)"),
        off="The right numbers stand in the wrong columns", question="Who decides which word owns column 0: this function, or whoever calls it?",
        why="The words of the vocabulary were sorted before the columns were given out. There is still one column for each word, but not the one that the caller means. Word j of the vocabulary owns column j, in the order in which the list comes. Any other order must stay outside of this function.",
        look='one_hot(["dog"], ["mouse", "dog", "cat", "ant"])  # the second word owns the second column',
    ),
    *one_hot(
        "one_hot.transposed", "Rows and columns are swapped", _ones("TABLE.T"), step="all zeros",
        off="The numbers stand in the wrong places", question="What does one row stand for: a token of the sentence, or a word of the vocabulary?",
        why="The table has one row for each word of the vocabulary and one column for each token. It should be the other way round. Each token is a row, because every later step takes a token as a row of its matrix. With as many tokens as words the shape looks right, so test it with fewer tokens.",
        look=f"one_hot({ANIMALS}).shape  # two tokens are two rows, three words are three columns",
    ).also({"all zeros": "np.zeros((len(vocabulary), len(tokens)))"}),
    *one_hot(
        "one_hot.off-by-one", "The 1 is one place off", _ones("np.eye(zeros.shape[1])[columns + 1]"),
        off="The 1s stand in the wrong places", question="Which column belongs to the first word of the vocabulary, and which one to the last?",
        why="Something counts from 1 where Python counts from 0. The first word of the vocabulary owns column 0 and the last one owns column V − 1. One place too far, and the last word falls off the end. One place too near, and the first word lands in the last column.",
        look='one_hot(["cat"], ["cat", "dog", "mouse"])  # the first word owns the first column',
    ).also(
        _ones("np.eye(zeros.shape[1])[columns - 1]"),
        _ones("np.eye(zeros.shape[1])[(columns + 1) % zeros.shape[1]]"),
        _ones("np.eye(zeros.shape[1] + 1)[columns + 1]"),
    ),
    *one_hot(
        "one_hot.row-left-out", "The last row has no 1",
        _ones("TABLE * (np.arange(len(tokens)) < len(tokens) - 1)[:, None]"),
        off="One row is off", question="For which tokens does your loop run, and is the last one among them?",
        why="All rows are right but one, which is still all zeros. A loop over the tokens often starts at the second of them or stops before the last. Python counts from 0, and a range of n numbers ends at n − 1 by itself. Every token needs its row, the first and the last as well.",
        look=A_SINGLE_1,
    ).also(_ones("TABLE * (np.arange(len(tokens)) > 0)[:, None]"), title="The first row has no 1"),
    *one_hot(
        "one_hot.position-not-word", "The 1 follows the token's position, not its word",
        _ones("np.eye(zeros.shape[1])[np.arange(len(tokens))]"), step="look up",
        off="The 1s stand in the wrong places", question="If the same word comes twice, should its two rows be the same?",
        why="Row i has its 1 at a place that comes from where the token stands in the sentence. Which word it is plays no part. So the same word gets two different vectors when it comes twice. What counts is where the word stands in the vocabulary: equal words must get equal rows.",
        look='one_hot(["mouse", "mouse"], ["cat", "dog", "mouse"])  # the same word twice: two equal rows',
    ).also(
        POSITIONS | _ones("np.eye(len(tokens), len(vocabulary))"), POSITIONS | _ones("np.eye(len(tokens))"),
        _ones("TABLE") | {"look up": "np.arange(len(tokens)) % len(vocabulary)"}, _look_up("tokens"),
    ),
    *one_hot(
        "one_hot.bag-of-words", "The rows were added up into one", _ones("TABLE.sum(axis=0)"),
        off="Rows are missing", question="Can you still tell from the result which word came first?",
        why="All tokens ended up in one row that counts the words of the sentence. Such a row is called a bag of words. It no longer knows which token came first, and attention could not tell the tokens apart. Each token needs a row of its own.",
        look=f"one_hot({ANIMALS}).shape  # two tokens are two rows",
    ).also(
        _ones("TABLE.sum(axis=0, keepdims=True)"), _ones("TABLE.max(axis=0, initial=0)"),
        _ones("TABLE.max(axis=0, initial=0, keepdims=True)"),
    ),
    *one_hot(
        "one_hot.integer-labels", "The result holds the places themselves, not vectors", _ones("columns"),
        off="There should be more numbers", question="Is word 6 three times as much as word 2?",
        why="Each token became a whole number: the place of its word in the vocabulary. That is a step on the way, but not yet a vector. As plain numbers, word 6 would count as three times word 2, which means nothing. Each number should become a row with a single 1 at that place.",
        look=f"one_hot({ANIMALS}).shape  # two tokens and three words: 2 by 3",
    ).also(_ones("columns[:, None]"), _ones("columns[None]")),
    *one_hot(
        "one_hot.part-of-a-word", "A word was found inside another word", _where("token in word"),
        off="Some rows are off", question="When are two words the same word, and when does one only stand inside the other?",
        why="Between two texts, Python's `in` asks whether one is a part of the other, and so “an” is found in “plan”. As long as no word holds another one, nothing shows. A token belongs to the column of the very same word, and to no other.",
        look='one_hot(["an", "plan"], ["plan", "an"])  # each row holds a single 1',
    ).also(_where("word in token")),
    *one_hot(
        "one_hot.aliased-rows", "The 1s pile up: rows hold those of other tokens, too",
        _ones("np.tile(TABLE.max(axis=0, initial=0), (len(tokens), 1))"), step="all zeros",
        off="The rows hold too many 1s", question="How many rows are there really, if you change one and look at the others?",
        why="One row of zeros may have been used for every token. A list of lists copied with a star is such a case: it repeats the same row, not the zeros in it. Or a whole column was set where one place was meant. Every token needs a row of its own with a single 1.",
        look=A_SINGLE_1,
    ).also(_ones("np.maximum.accumulate(TABLE, axis=0)")),
    one_hot(
        "one_hot.inverted", "The 0s and 1s are swapped", _ones("1 - TABLE"),
        off="The rows hold too many 1s", question="How many places of a one-hot vector are hot?",
        why="Each row is full of ones, with a single 0 at the place of the word. A one-hot vector has only one hot place. Either the table was filled with ones at the start, or a test asks whether two words differ where it should ask whether they are the same.",
        look=A_SINGLE_1,
    ),
    *Misconception(
        "one_hot.unknown-accepted", "A word that is not in the vocabulary goes unnoticed", "look up", _a_row_for_all, edge=True, fits=_accepts_a_stranger,
        off="One kind of input goes unnoticed", question="What should happen to a word that the vocabulary does not know, and who should hear of it?",
        why="A token without a place in the vocabulary got a row all the same, often a row of zeros. Nothing warns the caller, and the mistake shows up much later as strange numbers. An error at once is kinder. Here it should be a ValueError or a KeyError.",
        look='one_hot(["lion"], ["cat", "dog", "mouse"])  # this should stop with an error',
        read=ONE_HOT_LESSON,
    ).also(lambda *words: _a_row_for_all(*words).reshape(len(words[0]), len(words[1])), fits=None),
)
# fmt: on

# ------------------------------------------------------------------------------------------------ project_qkv

PROJECTION_LESSON = "Queries, keys and values"
ONE_VECTOR, FIRST = "np.array([[1.0, 0.0]])", "np.array([[1.0, 2.0], [2.0, 1.0]])"
WEIGHTS_THAT_TURN = "np.array([[0.0, 1.0], [2.0, 0.0]])"
PROJECTED = f"project_qkv({ONE_VECTOR}, {FIRST}, np.array([[3.0, 4.0], [4.0, 3.0]]), np.array([[5.0, 6.0], [6.0, 5.0]]))"
PROJECTED_EYE = PROJECTED.replace(ONE_VECTOR, "np.eye(2)")  # as many tokens as features: no size is 1
STEPS = {"Q": "queries", "K": "keys", "V": "values"}
SOME = ("QKV", "QK", "Q", "K", "V")  # students who slip do so in all, or in some


def _each(changed: str, letters: str = "QKV") -> dict[str, str]:
    """The steps of these letters, W standing for the weights."""
    return {STEPS[letter]: re.sub(r"\bW\b", f"W_{letter}", changed) for letter in letters}


def _with_weights(of: tuple[str, ...]) -> dict[str, str]:
    """Query, key and value with the weights of these letters."""
    return {STEPS[own]: f"embeddings @ W_{one}" for own, one in zip("QKV", of, strict=True) if own != one}


def _said(letters: list[str]) -> str:
    """Two or three of query, key and value in words, as a sentence begins."""
    *most, last = (STEPS[letter] for letter in letters)
    return f"{', '.join(most)} and {last}".capitalize()


def _changed_places(of: tuple[str, ...]) -> str:
    return f"{_said([own for own, one in zip('QKV', of, strict=True) if own != one])} changed places"


def _shared(of: tuple[str, ...]) -> str:
    return f"{_said([own for own, one in zip('QKV', of, strict=True) if of.count(one) > 1])} were made with one weight matrix"


SWAPPED = [of for of in permutations("QKV") if of != ("Q", "K", "V")]
REUSED = [of for of in product("QKV", repeat=3) if len(set(of)) < 3]
SCALED = [
    _each(f"embeddings @ W / {size}", letters)
    for size in ("np.sqrt(W.shape[-1])", "np.sqrt(W.shape[0])", "W.shape[-1]")
    for letters in SOME
]
# One d_k for all, the values too, which have a size of their own; and the number of tokens.
SCALED += [
    _each(f"embeddings @ W / {size}", letters)
    for size in ("np.sqrt(W_K.shape[-1])", "W_K.shape[-1]")
    for letters in ("QKV", "V")
]
SCALED += [_each("embeddings @ W / np.sqrt(len(embeddings))", letters) for letters in SOME]
SCALED.insert(0, SCALED.pop(2))  # in the query alone: the plainest

project_qkv = functools.partial(edit, read=PROJECTION_LESSON)
# fmt: off
IN_ANOTHER_ORDER = project_qkv(
    "project_qkv.swapped-outputs", "The three results are in another order", _with_weights(SWAPPED[0]), step=None,
    elsewhere=_changed_places(SWAPPED[0]),
    off="The right matrices come back in the wrong places", question="How does the next function know which of the three results is the query?",
    why="The three matrices are right, but they come back in another order, or each was made with the weights of another. Whoever calls the function unpacks them as query, key and value, in that order. A query that is really a key still has the right shape, so no error tells you.",
    look=f"{PROJECTED}  # in this order: 1 2, then 3 4, then 5 6",
)
ONE_MATRIX_TWICE = project_qkv(
    "project_qkv.reused-weights", "One weight matrix was used twice", _with_weights(REUSED[0]), step=None,
    elsewhere=_shared(REUSED[0]),
    off="One of the three results is off", question="If two of the three vectors of a word are the same, what can the word no longer do?",
    why="Two of the three results were made with the same weights, so they say the same thing. This often comes from copying a line and changing only the name on its left. Or two names stand for one array, which was filled twice. The three weight matrices are different on purpose: what a word looks for is not what it offers.",
    look=f"{PROJECTED}  # three different results: 1 2, then 3 4, then 5 6",
)
PROJECT_QKV_MISCONCEPTIONS = (
    IN_ANOTHER_ORDER,
    *(
        misconception
        for of in SWAPPED[1:]
        for misconception in IN_ANOTHER_ORDER.also(_with_weights(of), elsewhere=_changed_places(of))[1:]
    ),
    ONE_MATRIX_TWICE,
    *(
        misconception
        for of in REUSED[1:]
        for misconception in ONE_MATRIX_TWICE.also(_with_weights(of), elsewhere=_shared(of))[1:]
    ),
    *project_qkv(
        "project_qkv.chained", "One result was made from another, not from the embeddings",
        {"keys": "Query @ W_K", "values": "Key @ W_V"}, step=None,
        elsewhere="Keys or values were made from another projection, not from the embeddings",
        off="One of the three results is off", question="What are all three made from?",
        why="The weights were applied one after the other, each to the result of the last. But query, key and value are three views of the same embedding, side by side. Each of them starts from the embeddings. Where the sizes differ, the chain breaks with an error about shapes. Where they are equal, it goes unseen.",
        look=f"{PROJECTED}  # every row comes from 1 0 alone: 1 2, then 3 4, then 5 6",
    ).also(
        {"keys": "Query @ W_K", "values": "Query @ W_V"}, {"keys": "Query @ W_K"}, {"values": "Query @ W_V"}, {"values": "Key @ W_V"},
    ),
    *project_qkv(
        "project_qkv.transposed-weights", "The weights were transposed", _each("embeddings @ W.T"), step=None,
        elsewhere="Weight matrices of the projections were transposed",
        off="The numbers are off", question="Which two sizes have to agree in this product, and which two are left?",
        why="A weight matrix was flipped before it was used. Its rows stand for the features of an embedding and its columns for the features of the result, so it fits as it is. With a square matrix the flip raises no error and gives wrong numbers. With any other it stops with an error about shapes.",
        look=f"project_qkv({ONE_VECTOR}, *[{WEIGHTS_THAT_TURN}] * 3)  # 1 0 picks the first row: 0 1",
    ).also(*(_each("embeddings @ W.T", letters) for letters in SOME[1:])),
    *project_qkv(
        "project_qkv.transposed-output", "Rows and columns of the result are swapped", _each("(embeddings @ W).T"),
        step=None, elsewhere="Rows and columns of a projection are swapped",
        off="The numbers stand in the wrong places", question="What does one row of the result stand for?",
        why="The numbers are right, but each token became a column. In this course a token is always a row: one row of the embeddings, one row of the query, key and value. Keep it so, and each later formula works as written. The flip belongs to the scores, in the next lesson.",
        look="[part.shape for part in project_qkv(np.ones((4, 3)), *[np.ones((3, 2))] * 3)]  # four tokens: four rows",
    ).also(*(_each("(embeddings @ W).T", letters) for letters in SOME[1:])),
    project_qkv(
        "project_qkv.value-not-projected", "The value is the embedding itself", {"values": "embeddings"},
        step="values", elsewhere="The values are the embeddings themselves",
        off="One of the three results is off", question="Why might a word pass on something else than what it is?",
        why="Query and key went through their weights, but the embeddings were handed on as the value. It is an easy slip, because the value stands for what a word means, and so does its embedding. Yet the value has weights of its own, which choose what a word passes on to others.",
        look=f"{PROJECTED}[2]  # the value of 1 0 is 5 6",
    ),
    *project_qkv(
        "project_qkv.elementwise", "The matrices were multiplied entry by entry", _each("embeddings * W"), step=None,
        elsewhere="Embeddings and weights were multiplied entry by entry",
        off="The numbers are off", question="How many numbers of the embedding should go into one number of the query?",
        why="The star multiplies each entry with the entry at the same place. A projection is a matrix product: each entry of the result is a whole row times a whole column, added up. The star only works where the shapes happen to fit, and even then the numbers mean something else.",
        look=f"project_qkv(np.ones((1, 2)), *[{FIRST}] * 3)  # one row that adds up the columns: 3 3",
    ).also(*(_each("embeddings * W", letters) for letters in SOME[1:])),
    *project_qkv(
        "project_qkv.scaled-early", "The results were divided here already", SCALED[0], step=None,
        elsewhere="A projection was divided by the root of a size",
        off="The size of the numbers is off", question="Which later step is about the size of numbers, and what happens if it is done twice?",
        why="A square root of a size belongs to attention, but not to this step. The scores are divided once, after queries and keys have met. If the query is made smaller here too, the scores shrink twice, and the weights become almost even. Here the product is already the answer.",
        look=f"{PROJECTED_EYE}  # nothing is divided: the three weight matrices come back",
    ).also(*SCALED[1:]),
)
# fmt: on

MISCONCEPTIONS = {"one_hot": ONE_HOT_MISCONCEPTIONS, "project_qkv": PROJECT_QKV_MISCONCEPTIONS}

"""What full marks earn in this unit: the sentence as the student's own functions see it."""

import numpy as np

from autograder.author import FullMarks, Shown

TOKENS = ["Carlos", "Alcaraz", "is", "a", "very", "skilled", "tennis", "player", "and", "philanthropist"]
VOCABULARY = [
    "a",
    "Alcaraz",
    "and",
    "Carlos",
    "is",
    "net",
    "philanthropist",
    "player",
    "racket",
    "skilled",
    "tennis",
    "very",
]

# The numbers of the lesson, drawn in its order.
_rng = np.random.default_rng(18)
TABLE = _rng.integers(-9, 10, size=(len(VOCABULARY), 8)) / 10
W_Q, W_K, W_V = (_rng.integers(-9, 10, size=(8, width)) / 10 for width in (6, 6, 4))
EMBEDDINGS = TABLE[[VOCABULARY.index(token) for token in TOKENS]]

FULL_MARKS = {
    "one_hot": FullMarks(
        "You now know how a word becomes a vector that says which word it is, and nothing else. You also know why that is"
        " not enough: any two words are equally far apart.",
        stretch="Add the rows of your result up. What does that one vector still tell you about the sentence, and what"
        " has it forgotten?",
        shown=Shown(
            (TOKENS, VOCABULARY),
            rows=TOKENS,
            columns=VOCABULARY,
            titles=("The sentence in your one_hot",),
            says="“{row}” has its 1 in the column of “{column}”",
            of=("tennis",),
        ),
    ),
    "project_qkv": FullMarks(
        "You now know how one embedding becomes three vectors with three jobs: a query asks, a key is found, a value is"
        " passed on. The same three matrices do that for every word, so what is learned for one word serves them all.",
        stretch="What changes for the words if W_K is the same matrix as W_Q? Compare how well the query of “tennis”"
        " fits the key of “player” with how well it fits the other way round.",
        shown=Shown(
            (EMBEDDINGS, W_Q, W_K, W_V),
            rows=TOKENS,
            titles=("Query", "Key", "Value"),
            form="query-key-value",
        ),
    ),
}

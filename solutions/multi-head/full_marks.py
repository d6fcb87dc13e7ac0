"""What full marks earn in this unit: the maps of two heads, by the student's own function."""

import numpy as np

from autograder.author import FullMarks, Shown
from solutions.embeddings.full_marks import EMBEDDINGS, TOKENS
from solutions.self_attention.full_marks import LOOKS

_N, _WIDTH = EMBEDDINGS.shape
# The numbers of the lesson, drawn in its order.
_rng = np.random.default_rng(13)
_W_Q, _W_K = (_rng.integers(-9, 10, size=(2, _WIDTH, 4)) / 10 for _ in range(2))

# Each word gets a feature of its own besides, which W_V passes on and W_O leaves as it is: what comes back is the weights.
_TAGGED = np.hstack([EMBEDDINGS, np.zeros((_N, 2)), np.eye(_N)])
_BESIDE = ((0, 0), (0, _TAGGED.shape[1] - _WIDTH), (0, 0))
_TAGS = np.vstack([np.zeros((_TAGGED.shape[1] - _N, _N)), np.eye(_N)])

FULL_MARKS = {
    "multi_head": FullMarks(
        "You now know why one question is not enough: each head looks at the sentence in its own way, and all that they"
        " find is put side by side. You also know who decides what is made of it: the last matrix, W_O.",
        stretch="Give two heads the same three matrices. What does the second one add? Then find a W_O that makes the two"
        " together give what one of them gives alone.",
        shown=Shown(
            (_TAGGED, np.pad(_W_Q, _BESIDE), np.pad(_W_K, _BESIDE), np.stack([_TAGS, _TAGS]), np.eye(2 * _N)),
            rows=TOKENS,
            columns=TOKENS,
            titles=("Head 0", "Head 1"),
            form="arrows",
            says=LOOKS,
            of=("tennis",),
        ),
    ),
}

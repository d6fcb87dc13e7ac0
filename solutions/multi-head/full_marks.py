"""What full marks earn in this unit: the maps of two heads, by the student's own function."""

import numpy as np

from autograder.author import FullMarks, Shown
from solutions.self_attention.full_marks import EMBEDDINGS, LOOKS, TOKENS
from solutions.self_attention.learned import learned

_N, _WIDTH = EMBEDDINGS.shape
_LEARNED = learned("multi-head")
_W_Q, _W_K = _LEARNED["heads_W_Q"], _LEARNED["heads_W_K"]

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
            titles=("Head 0, the adjective of a noun", "Head 1, the person meant"),
            form="arrows",
            says=LOOKS,
            of=("player",),
        ),
    ),
}

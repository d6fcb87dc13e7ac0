"""The mistakes that students make in `project_qkv`, each with its symptom computed from the reference.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import numpy as np

from autograder.author import Array, Misconception, Procedure
from solutions.embeddings.reference import PROJECT_QKV

PROJECTION_LESSON = "Queries, keys and values"
Changed = Callable[..., Array]

STEPS = {"Q": "queries", "K": "keys", "V": "values"}
RESULTS = {"Q": "Query", "K": "Key", "V": "Value"}
LETTERS = tuple(STEPS)


def _each(op: Changed, letters: str = "QKV") -> Procedure:
    """project_qkv with another operation in the steps of these letters."""
    return PROJECT_QKV.replacing_each([STEPS[letter] for letter in letters], op)


def _with_weights(of: tuple[str, ...]) -> Procedure:
    """project_qkv where query, key and value use the weights of these letters."""
    changed = PROJECT_QKV
    for letter, other in zip(LETTERS, of, strict=True):
        if letter != other:
            changed = changed.replacing(STEPS[letter], np.matmul, operands=("embeddings", f"W_{other}"))
    return changed


def _chained(key_from: str, value_from: str) -> Procedure:
    """project_qkv where key and value are made from these values instead of the embeddings."""
    return PROJECT_QKV.replacing("keys", np.matmul, operands=(key_from, "W_K")).replacing(
        "values", np.matmul, operands=(value_from, "W_V")
    )


def _own_size(embeddings: Array, weights: Array) -> Array:
    return embeddings @ weights / np.sqrt(weights.shape[-1])


def _model_size(embeddings: Array, weights: Array) -> Array:
    return embeddings @ weights / np.sqrt(weights.shape[0])


def _key_size(embeddings: Array, weights: Array) -> Array:
    return embeddings @ weights / weights.shape[-1]


SWAPPED = [_with_weights(of) for of in permutations(LETTERS) if of != LETTERS]
REUSED = [_with_weights(of) for of in product(LETTERS, repeat=3) if len(set(of)) < 3]
CHAINED = [
    _chained(key_from, value_from)
    for key_from, value_from in (
        ("Query", "Key"),
        ("Query", "Query"),
        ("Query", "embeddings"),
        ("embeddings", "Query"),
        ("embeddings", "Key"),
    )
]
ALONE_OR_TOGETHER = ("QKV", "QK", "Q", "K", "V")
ONE_VECTOR = "np.array([[1.0, 0.0]])"
FIRST, SECOND, THIRD = (
    f"np.array([[{a}, {b}], [{b}, {a}]])" for a, b in ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))
)
PROJECTED = f"project_qkv({ONE_VECTOR}, {FIRST}, {SECOND}, {THIRD})"
WEIGHTS_THAT_TURN = "np.array([[0.0, 1.0], [2.0, 0.0]])"

PROJECT_QKV_MISCONCEPTIONS = (
    *Misconception(
        id="project_qkv.swapped-outputs",
        title="The three results are in another order",
        elsewhere="Queries, keys and values changed places",
        step=None,
        symptom=SWAPPED[0],
        why=(
            "The three matrices are right, but they come back in another order, or each was made with the weights "
            "of another. Whoever calls the function unpacks them as query, key and value, in that order. A query "
            "that is really a key still has the right shape, so no error tells you."
        ),
        look=f"{PROJECTED}  # in this order: 1 2, then 3 4, then 5 6",
        read=PROJECTION_LESSON,
    ).also(*SWAPPED[1:]),
    *Misconception(
        id="project_qkv.reused-weights",
        title="One weight matrix was used twice",
        elsewhere="Two of queries, keys and values were made with one weight matrix",
        step=None,
        symptom=REUSED[0],
        why=(
            "Two of the three results were made with the same weights, so they say the same thing. This often comes "
            "from copying a line and changing only the name on its left. The three weight matrices are different on "
            "purpose: what a word looks for is not what it offers."
        ),
        look=f"{PROJECTED}  # three different results: 1 2, then 3 4, then 5 6",
        read=PROJECTION_LESSON,
    ).also(*REUSED[1:]),
    *Misconception(
        id="project_qkv.chained",
        title="One result was made from another, not from the embeddings",
        elsewhere="Keys or values were made from another projection, not from the embeddings",
        step=None,
        symptom=CHAINED[0],
        why=(
            "The weights were applied one after the other, each to the result of the last. But query, key and value "
            "are three views of the same embedding, side by side. Each of them starts from the embeddings. Where "
            "the sizes differ, the chain breaks with an error about shapes. Where they are equal, it goes unseen."
        ),
        look=f"{PROJECTED}  # every row comes from 1 0 alone: 1 2, then 3 4, then 5 6",
        read=PROJECTION_LESSON,
    ).also(*CHAINED[1:]),
    *Misconception(
        id="project_qkv.transposed-weights",
        title="The weights were transposed",
        elsewhere="Weight matrices of the projections were transposed",
        step=None,
        symptom=_each(lambda embeddings, weights: embeddings @ weights.T),
        why=(
            "A weight matrix was flipped before it was used. Its rows stand for the features of an embedding and "
            "its columns for the features of the result, so it fits as it is. With a square matrix the flip raises "
            "no error and gives wrong numbers. With any other it stops with an error about shapes."
        ),
        look=f"project_qkv({ONE_VECTOR}, *[{WEIGHTS_THAT_TURN}] * 3)  # 1 0 picks the first row: 0 1",
        read=PROJECTION_LESSON,
    ).also(*(_each(lambda x, weights: x @ weights.T, letters) for letters in ALONE_OR_TOGETHER[1:])),
    *Misconception(
        id="project_qkv.transposed-output",
        title="Rows and columns of the result are swapped",
        elsewhere="Rows and columns of a projection are swapped",
        step=None,
        symptom=_each(lambda embeddings, weights: (embeddings @ weights).T),
        why=(
            "The numbers are right, but each token became a column. In this course a token is always a row: one row "
            "of the embeddings, one row of the query, key and value. Keep it so, and each later formula works as "
            "written. The flip belongs to the scores, in the next lesson."
        ),
        look="[part.shape for part in project_qkv(np.ones((4, 3)), *[np.ones((3, 2))] * 3)]  # four tokens: four rows",
        read=PROJECTION_LESSON,
    ).also(*(_each(lambda x, weights: (x @ weights).T, letters) for letters in ALONE_OR_TOGETHER[1:])),
    Misconception(
        id="project_qkv.value-not-projected",
        title="The value is the embedding itself",
        elsewhere="The values are the embeddings themselves",
        step="values",
        symptom=PROJECT_QKV.replacing("values", lambda embeddings: embeddings, operands=("embeddings",)),
        why=(
            "Query and key went through their weights, but the embeddings were handed on as the value. It is an "
            "easy slip, because the value stands for what a word means, and so does its embedding. Yet the value "
            "has weights of its own, which choose what a word passes on to others."
        ),
        look=f"{PROJECTED}[2]  # the value of 1 0 is 5 6",
        read=PROJECTION_LESSON,
    ),
    *Misconception(
        id="project_qkv.elementwise",
        title="The matrices were multiplied entry by entry",
        elsewhere="Embeddings and weights were multiplied entry by entry",
        step=None,
        symptom=_each(np.multiply),
        why=(
            "The star multiplies each entry with the entry at the same place. A projection is a matrix product: "
            "each entry of the result is a whole row times a whole column, added up. The star only works where the "
            "shapes happen to fit, and even then the numbers mean something else."
        ),
        look=f"project_qkv(np.ones((1, 2)), *[{FIRST}] * 3)  # one row that adds up the columns: 3 3",
        read=PROJECTION_LESSON,
    ).also(*(_each(np.multiply, letters) for letters in ALONE_OR_TOGETHER[1:])),
    *Misconception(
        id="project_qkv.scaled-early",
        title="The results were divided here already",
        elsewhere="A projection was divided by the root of a size",
        step=None,
        symptom=_each(_own_size, "Q"),
        why=(
            "A square root of a size belongs to attention, but not to this step. The scores are divided once, after "
            "queries and keys have met. If the query is made smaller here too, the scores shrink twice, and the "
            "weights become almost even. Here the product is already the answer."
        ),
        look=f"{PROJECTED}  # nothing is divided: 1 2, then 3 4, then 5 6",
        read=PROJECTION_LESSON,
    ).also(
        *(
            _each(op, letters)
            for op in (_own_size, _model_size, _key_size)
            for letters in ALONE_OR_TOGETHER
            if (op, letters) != (_own_size, "Q")
        )
    ),
)

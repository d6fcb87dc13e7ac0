"""The mistakes that students make in this unit, each with its symptom computed from the reference.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.author import Array, Misconception, Procedure
from solutions.multi_head.reference import MULTI_HEAD, concatenate
from solutions.self_attention.misconceptions_softmax import along

HEADS_LESSON = "Several heads"
OUTPUT_LESSON = "Concatenate and project"
SCORES_LESSON = "Why the scores are scaled"
OVERFLOW_LESSON = "When numbers grow too large"

Op = Callable[..., Any]
PROJECTIONS = ("queries", "keys", "values")

# -------------------------------------------------------------------------------- how the steps are replaced
_scale = MULTI_HEAD.changing("scale")
_shift = MULTI_HEAD.changing("shift")
_weights = MULTI_HEAD.changing("divide")
_joined = MULTI_HEAD.changing("concatenate")
_projected = MULTI_HEAD.changing("output projection")


def _unprojected(op: Op) -> Procedure:
    """The outputs of the heads brought together in another way, and W_O left out."""
    return _joined(op).replacing("output projection", lambda joined: joined, operands=("concatenated",))


def _first_block(joined: Array, W_O: Array) -> Array:
    return joined @ W_O[: joined.shape[-1]]


def _pooled(pool: Op) -> tuple[Procedure, ...]:
    """The heads made into one by `pool`, and what students then do so that the shapes fit."""
    return (
        _unprojected(lambda heads: pool(heads, axis=0)),
        _joined(lambda heads: pool(heads, axis=0)).replacing("output projection", _first_block),
        _joined(lambda heads: np.tile(pool(heads, axis=0), len(heads))),
    )


def _split(mixed: Array, heads: int) -> Array:
    """Rows of (n, h·d) cut into heads by a reshape, as if the heads came first."""
    n, width = mixed.shape
    return mixed.reshape(heads, n, width // heads)


def _mixed_projections(back: Op) -> Procedure:
    """Projected with all heads side by side, then cut by a reshape alone; `back` joins the outputs again."""

    def project(embeddings: Array, weights: Array) -> Array:
        return _split(concatenate(embeddings @ weights), len(weights))

    return _joined(back).replacing_each(PROJECTIONS, project)


def _mixed_weights(embeddings: Array, weights: Array) -> Array:
    """Weights (h, d_model, d) read as (d_model, h·d) by a reshape, then used head by head."""
    h, d_model, d = weights.shape
    product = embeddings @ weights.reshape(d_model, h * d)
    return product.reshape(len(embeddings), h, d).transpose(1, 0, 2)


def _shared(which: int) -> Op:
    """Every head uses the weights of this one."""
    return lambda embeddings, weights: embeddings @ weights[[which] * len(weights)]


def _one_head(which: int) -> Procedure:
    return _joined(lambda heads: concatenate(heads[[which] * len(heads)]))


SHARED = [
    MULTI_HEAD.replacing_each(steps, _shared(which))
    for which in (0, -1)
    for steps in (
        ("queries",),
        ("keys",),
        ("values",),
        ("queries", "keys"),
        ("queries", "values"),
        ("keys", "values"),
    )
]

# ------------------------------------------------------------------------- where results alone cannot decide
# With several heads, a sum of the heads, their average, and heads below each other all have d_v columns, which
# W_O refuses with the same error; with one head all three are right.
A_MEAN = r"\b(mean|average)\b|(?<!/)/\s*(h|n_heads|num_heads|heads|n_head|H)\b|/=?\s*len\("
A_JOIN = r"\b(concatenate|concat|vstack|row_stack|r_)\b|\bnp\.append\b"
A_SUM = r"\b(sum|add|reduce|einsum)\b|\+"
BESIDE = r"axis\s*=\s*-?\s*1|,\s*-?\s*1\s*\)|\bhstack\b|\bc_\b"  # the heads do stand side by side

# ----------------------------------------------------------------------------------------- what to run oneself

EYE = "np.eye(2)"
TWO_HEADS = "np.array([[[1.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 2.0]]])"
PLAIN = f"multi_head({EYE}, np.zeros((2, 2, 3)), np.zeros((2, 2, 3)), {TWO_HEADS}, np.eye(4)[:, :2])"
PLAIN_RESULT = "head 0 alone is kept, and weighs evenly: 0.5 in each place"
ONE_FEATURE = (
    "np.ones((1, 1)), np.zeros((3, 1, 1)), np.zeros((3, 1, 1)), np.array([[[1.0]], [[2.0]], [[4.0]]])"
)
DIGITS = f"multi_head({ONE_FEATURE}, np.array([[100.0], [10.0], [1.0]]))"
DIGITS_RESULT = "heads 1, 2, 4 as hundreds, tens and ones: 124"
POINTED = (
    f"multi_head({EYE}, np.array([[[2.0, 0.0], [0.0, 2.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]]), "
    "np.array([[[1.0, 0.0], [0.0, 1.0]]]), np.eye(2))"
)
POINTED_RESULT = "about 0.804 on the diagonal"
TOKENS = "multi_head(np.ones((3, 5)), *[np.ones((2, 5, 4))] * 3, np.ones((8, 5))).shape"

MULTI_HEAD_MISCONCEPTIONS = (
    *Misconception(
        id="multi_head.heads-summed",
        title="The heads were added up, not put side by side",
        step="concatenate",
        symptom=_joined(lambda heads: heads.sum(axis=0)),
        telltale=rf"(?s)\A(?!.*({A_MEAN}))(?!.*({A_JOIN}))(?=.*({A_SUM}))",
        why=(
            "The outputs of all heads were added into one. Then nobody can tell any more which head found what. Put "
            "side by side, every head keeps columns of its own, and W_O has a block of rows for each of them to "
            "choose from. Added up, the result has too few columns for W_O."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=OUTPUT_LESSON,
    ).also(*_pooled(np.sum), telltale=""),
    *Misconception(
        id="multi_head.heads-averaged",
        title="The heads were averaged, not put side by side",
        step="concatenate",
        symptom=_joined(lambda heads: heads.mean(axis=0)),
        telltale=rf"(?s)\A(?=.*({A_MEAN}))",
        why=(
            "The outputs of all heads were averaged. Heads look for different things, so their average blurs what "
            "each one found. Put side by side, every head keeps columns of its own, and W_O, which is learned, "
            "decides how to mix them. It does not need an average first."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=OUTPUT_LESSON,
    ).also(*_pooled(np.mean), telltale=""),
    Misconception(
        id="multi_head.heads-averaged",
        title="The result was divided by the number of heads",
        step="output projection",
        symptom=_joined(lambda heads: concatenate(heads) / len(heads)),
        why=(
            "Either each head met its own block of W_O and the mean of the results was taken, or the result was "
            "divided by the number of heads at the end. The product with W_O adds up what all heads say, and W_O is "
            "learned: it weighs them already. It does not need an average on top."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=OUTPUT_LESSON,
    ),
    Misconception(
        id="multi_head.no-output-projection",
        title="W_O was not used",
        step="output projection",
        symptom=_unprojected(concatenate),
        why=(
            "The heads stand side by side, as they should, but the last step is missing. W_O mixes what the heads "
            "found and brings the result back to the width of an embedding, so that the next layer can take it. "
            "Where the heads together are just as wide as an embedding, the shape does not give it away."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="multi_head.reshape-mixed",
        title="A reshape mixed up heads and tokens",
        elsewhere=None,
        step="concatenate",
        symptom=_joined(lambda heads: heads.reshape(heads.shape[1], -1)),
        why=(
            "A reshape does not move any number. It reads them in the order in which they are stored and cuts them "
            "anew. Stored head by head, the first row of the result gets numbers of several tokens from the same "
            "head. The shape is right and the content is not: first bring the token axis to the front."
        ),
        look=(
            "multi_head(np.eye(2), *[np.zeros((2, 2, 3))] * 2, np.arange(8.0).reshape(2, 2, 2), np.eye(4)[:, :2])"
            "  # head 0 alone is kept: 1 2 in both rows"
        ),
        read=OUTPUT_LESSON,
    ).also(
        MULTI_HEAD.replacing_each(PROJECTIONS, _mixed_weights),
        _mixed_projections(concatenate),
        _mixed_projections(lambda heads: heads.reshape(heads.shape[1], -1)),
        step="queries",
    ),
    Misconception(
        id="multi_head.interleaved",
        title="The features of the heads alternate",
        step="concatenate",
        symptom=_joined(lambda heads: heads.transpose(1, 2, 0).reshape(heads.shape[1], -1)),
        why=(
            "In each row comes the first feature of every head, then the second of every head, and so on. It should "
            "be all features of head 0, then all of head 1. W_O expects one block of rows for each head, so the "
            "wrong weights meet the wrong features. No shape shows it."
        ),
        look=f"{PLAIN}  # {PLAIN_RESULT}",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="multi_head.one-head-repeated",
        title="All heads are the same head",
        step="concatenate",
        symptom=_one_head(0),
        why=(
            "Every block of columns holds the output of one and the same head. An index that never changes does it, "
            "or a list that repeats one result. Several heads are there to ask several questions. If they all have "
            "the same weights, they all give the same answer."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=HEADS_LESSON,
    ).also(_one_head(-1)),
    Misconception(
        id="multi_head.reversed-order",
        title="The heads stand in reverse order",
        step="concatenate",
        symptom=_joined(lambda heads: concatenate(heads[::-1])),
        why=(
            "The last head comes first. Each head is right, but W_O has its first block of rows for head 0, its next "
            "for head 1, and so on. In another order each head meets the weights of another. It happens when new "
            "outputs are put in front of those that are already there."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="multi_head.concat-wrong-axis",
        title="The heads were put below each other, not side by side",
        step="concatenate",
        symptom=_joined(lambda heads: np.concatenate(list(heads), axis=0)),
        telltale=rf"(?s)\A(?!.*({A_MEAN}))(?!.*({BESIDE}))(?=.*({A_JOIN}))",
        why=(
            "The outputs were joined along the tokens, or along a new axis. So there are more rows than tokens, or "
            "a table for each head, and the columns do not fit W_O. A token should keep its row: what all heads say "
            "about it stands there in one line, feature after feature. With a single head it goes unseen."
        ),
        look=f"{TOKENS}  # three tokens, five features: 3 by 5",
        read=OUTPUT_LESSON,
    ).also(
        _joined(lambda heads: heads),
        _joined(lambda heads: heads.transpose(1, 0, 2)),
        _unprojected(lambda heads: np.concatenate(list(heads), axis=0)),
        telltale="",
    ),
    *Misconception(
        id="multi_head.scaled-by-d_model",
        title="The scores were divided by the root of the model's size, not of a head's",
        step="scale",
        symptom=_scale(lambda products, X: products / np.sqrt(X.shape[-1]), "products", "embeddings"),
        why=(
            "The dot products are taken within one head, so they add up d_k terms. The width of the whole model has "
            "no part in them. Dividing by its root makes the scores too small, and the weights too even. Read the "
            "size off the keys of the head itself."
        ),
        look=(
            "multi_head(np.eye(2) * 2, *[np.ones((2, 2, 1)) * [[1.0], [0.0]]] * 3, np.ones((2, 2)))[0]"
            "  # about 3.928"
        ),
        read=SCORES_LESSON,
    ).also(
        _scale(lambda products, Key: products / np.sqrt(len(Key) * Key.shape[-1])),
        title="The scores were divided by the root of all heads' size together",
        elsewhere=None,
    ),
    Misconception(
        id="multi_head.unscaled",
        title="The scores were not divided by √d_k",
        step="scale",
        symptom=_scale(lambda products: products, "products"),
        why=(
            "The scores of each head went into softmax as plain dot products. They grow with the number of features "
            "in a head, and large scores give nearly all weight to one word. If you wrote attention anew here, the "
            "division was lost on the way. Your own function from before has it."
        ),
        look=f"{POINTED}  # {POINTED_RESULT}",
        read=SCORES_LESSON,
    ),
    Misconception(
        id="multi_head.unstable",
        title="Large scores overflow: the row maximum was not subtracted",
        step="shift",
        symptom=_shift(lambda scores: scores, "scores"),
        edge=True,
        why=(
            "On small numbers this does no harm. Scores beyond 709 are too large for the exponential: it becomes "
            "inf, and inf divided by inf is nan. A single such row in one head is enough, since W_O spreads nan "
            "over the whole row of the result. Your softmax from before takes care of that."
        ),
        look="multi_head(np.array([[40.0]]), *[np.ones((1, 1, 1))] * 3, np.ones((1, 1)))  # 40, no nan",
        read=OVERFLOW_LESSON,
    ),
    Misconception(
        id="multi_head.output-weights-transposed",
        title="W_O was transposed",
        step="output projection",
        symptom=_projected(lambda joined, W_O: joined @ W_O.T),
        why=(
            "W_O was flipped before it was used. It has one row for each feature of all heads together, and one "
            "column for each feature of the model, so it fits as it is. Where both numbers are the same, the flip "
            "raises no error and the result is wrong."
        ),
        look=(
            f"multi_head({EYE}, *[np.zeros((1, 2, 3))] * 2, np.ones((1, 2, 2)) * [1.0, 3.0], "
            "np.array([[0.0, 1.0], [0.0, 0.0]]))  # 1 moves to the second place: 0 1 in both rows"
        ),
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="multi_head.shared-weights",
        title="All heads share a weight matrix",
        elsewhere=None,
        step="queries",
        symptom=SHARED[0],
        why=(
            "One of the weight matrices is the same for every head: its index never changes. The heads then differ "
            "less than they should. Each head has its own weights for queries, keys and values, so that it can ask "
            "its own question, match it in its own way, and pass on its own answer."
        ),
        look=(
            f"multi_head({EYE}, *[{TWO_HEADS}] * 3, np.eye(4)[:, ::2])[0]"
            "  # about 0.67 from head 0 and 1.89 from head 1"
        ),
        read=HEADS_LESSON,
    ).also(*SHARED[1:], step=None),
    Misconception(
        id="multi_head.softmax-over-heads",
        title="The weights add up to 1 over the heads, not over the keys",
        elsewhere=None,
        step="row sum",
        symptom=_weights(along(0), "scores"),
        why=(
            "With the heads stacked, the scores have three axes: heads, queries, keys. Softmax ran along the first, "
            "so that the heads compete with each other for each pair of words. But each head works alone. Within a "
            "head, every query spreads its own attention over the keys, which is the last axis."
        ),
        look=f"{DIGITS}  # {DIGITS_RESULT}",
        read=HEADS_LESSON,
    ),
)

MISCONCEPTIONS = {"multi_head": MULTI_HEAD_MISCONCEPTIONS}

"""The mistakes that students make in this unit, laid over its steps. Several ways to make one share its id."""

from __future__ import annotations

import functools

from autograder.author import edit

HEADS_LESSON, OUTPUT_LESSON = "Several heads", "Concatenate and project"
SCORES_LESSON, OVERFLOW_LESSON = "Why the scores are scaled", "When numbers grow too large"

# Where results alone cannot decide: with several heads, a sum of the heads, their average, and heads below each other
# all have d_v columns, which W_O refuses with the same error; with one head all three are right.
A_MEAN = r"\b(mean|average)\b|(?<!/)/\s*(h|n_heads|num_heads|heads|n_head|H)\b|/=?\s*len\("
A_JOIN = r"\b(concatenate|concat|vstack|row_stack|r_)\b|\bnp\.append\b"
A_SUM = r"\b(sum|add|reduce|einsum)\b|\+"
BESIDE = r"axis\s*=\s*-?\s*1|,\s*-?\s*1\s*\)|\bhstack\b|\bc_\b"  # the heads do stand side by side

EYE = "np.eye(2)"
TWO_HEADS = "np.array([[[1.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 2.0]]])"
ONE_FEATURE = (
    "np.ones((1, 1)), np.zeros((3, 1, 1)), np.zeros((3, 1, 1)), np.array([[[1.0]], [[2.0]], [[4.0]]])"
)
DIGITS_SAY = f"multi_head({ONE_FEATURE}, np.array([[100.0], [10.0], [1.0]]))  # heads 1, 2, 4 as hundreds, tens and ones: 124"

SIDE_BY_SIDE = "np.concatenate(heads, axis=-1)"
BY_A_RESHAPE = "heads.reshape(heads.shape[1], -1)"
PROJECTIONS = {"queries": "W_Q", "keys": "W_K", "values": "W_V"}


def _joined(joined: str) -> dict[str, str]:
    """The outputs of the heads brought together in another way."""
    return {"concatenate": joined}


def _unprojected(joined: str) -> dict[str, str]:
    """The same, and W_O left out."""
    return {"concatenate": joined, "output projection": "concatenated"}


def _pooled(pool: str) -> list[dict[str, str]]:
    """The heads made into one by `pool`, and what students then do so that the shapes fit."""
    pooled = f"heads.{pool}(axis=0)"
    first_block = {"output projection": "concatenated @ W_O[: concatenated.shape[-1]]"}
    return [_unprojected(pooled), _joined(pooled) | first_block, _joined(f"np.tile({pooled}, len(heads))")]


def _projected(project: str, of: str = "queries keys values") -> dict[str, str]:
    """Other projections in these steps, W standing for their weights."""
    return {step: project.replace("W", PROJECTIONS[step]) for step in of.split()}


# All heads side by side, cut by a reshape alone; and weights (h, d_model, d) read as (d_model, h·d) by a reshape.
CUT = _projected("(embeddings @ W).swapaxes(0, 1).reshape(len(W), len(embeddings), -1)")
READ_ANEW = _projected(
    "(embeddings @ W.reshape(W.shape[1], -1)).reshape(len(embeddings), len(W), -1).swapaxes(0, 1)"
)
SHARED = [
    _projected(f"embeddings @ W[[{head}] * len(W)]", of)
    for head in (0, -1)
    for of in ("queries", "keys", "values", "queries keys", "queries values", "keys values")
]

multi_head = functools.partial(edit, read=OUTPUT_LESSON)
# fmt: off
MULTI_HEAD_MISCONCEPTIONS = (
    *multi_head(
        "multi_head.heads-summed", "The heads were added up, not put side by side", _joined("heads.sum(axis=0)"),
        step="concatenate", telltale=rf"(?s)\A(?!.*({A_MEAN}))(?!.*({A_JOIN}))(?=.*({A_SUM}))",
        off="The output is off", question="Once the heads are one, can W_O still tell who found what?",
        why="The outputs of all heads were added into one. Then nobody can tell any more which head found what. Put side by side, every head keeps columns of its own, and W_O has a block of rows for each of them to choose from. Added up, the result has too few columns for W_O.",
        look=DIGITS_SAY,
    ).also(*_pooled("sum"), telltale=""),
    *multi_head(
        "multi_head.heads-averaged", "The heads were averaged, not put side by side", _joined("heads.mean(axis=0)"),
        step="concatenate", telltale=rf"(?s)\A(?=.*({A_MEAN}))",
        off="The output is off", question="Once the heads are one, can W_O still tell who found what?",
        why="The outputs of all heads were averaged. Heads look for different things, so their average blurs what each one found. Put side by side, every head keeps columns of its own, and W_O, which is learned, decides how to mix them. It does not need an average first.",
        look=DIGITS_SAY,
    ).also(*_pooled("mean"), telltale=""),
    multi_head(
        "multi_head.heads-averaged", "The result was divided by the number of heads",
        _joined(f"{SIDE_BY_SIDE} / len(heads)"), step="output projection",
        off="The output is off", question="Once the heads are one, can W_O still tell who found what?",
        why="Either each head met its own block of W_O and the mean of the results was taken, or the result was divided by the number of heads at the end. The product with W_O adds up what all heads say, and W_O is learned: it weighs them already. It does not need an average on top.",
        look=DIGITS_SAY,
    ),
    multi_head(
        "multi_head.no-output-projection", "W_O was not used", {"output projection": "concatenated"},
        off="The output is off", question="Which of the five inputs has your result never met?",
        why="The heads stand side by side, as they should, but the last step is missing. W_O mixes what the heads found and brings the result back to the width of an embedding, so that the next layer can take it. Where the heads together are just as wide as an embedding, the shape does not give it away.",
        look=DIGITS_SAY,
    ),
    *multi_head(
        "multi_head.reshape-mixed", "A reshape mixed up heads and tokens", _joined(BY_A_RESHAPE), elsewhere=None,
        off="The output is off", question="In which order does a reshape read the numbers of an array?",
        why="A reshape does not move any number. It reads them in the order in which they are stored and cuts them anew. Stored head by head, the first row of the result gets numbers of several tokens from the same head. The shape is right and the content is not: first bring the token axis to the front.",
        look=f"multi_head({EYE}, *[np.zeros((2, 2, 3))] * 2, np.arange(8.0).reshape(2, 2, 2), np.eye(4)[:, :2])  # head 0 alone is kept: 1 2 in both rows",
    ).also(READ_ANEW, CUT, CUT | _joined(BY_A_RESHAPE), step="queries"),
    multi_head(
        "multi_head.interleaved", "The features of the heads alternate",
        _joined("heads.transpose(1, 2, 0).reshape(heads.shape[1], -1)"),
        off="The output is off", question="Which columns does head 0 own, once the heads lie side by side?",
        why="In each row comes the first feature of every head, then the second of every head, and so on. It should be all features of head 0, then all of head 1. W_O expects one block of rows for each head, so the wrong weights meet the wrong features. No shape shows it.",
        look=f"multi_head({EYE}, np.zeros((2, 2, 3)), np.zeros((2, 2, 3)), {TWO_HEADS}, np.eye(4)[:, :2])  # head 0 alone is kept, and weighs evenly: 0.5 in each place",
    ),
    *multi_head(
        "multi_head.one-head-repeated", "All heads are the same head", _joined("np.tile(heads[0], len(heads))"),
        step="concatenate", read=HEADS_LESSON,
        off="The output is off", question="What does the second head add, if it is the first once more?",
        why="Every block of columns holds the output of one and the same head. An index that never changes does it, a list that repeats one result, or one array that is filled again for each head. Several heads are there to ask several questions. If they all have the same weights, they all give the same answer.",
        look=DIGITS_SAY,
    ).also(_joined("np.tile(heads[-1], len(heads))")),
    multi_head(
        "multi_head.reversed-order", "The heads stand in reverse order",
        _joined("np.concatenate(heads[::-1], axis=-1)"),
        off="The output is off", question="Which rows of W_O belong to head 0?",
        why="The last head comes first. Each head is right, but W_O has its first block of rows for head 0, its next for head 1, and so on. In another order each head meets the weights of another. It happens when new outputs are put in front of those that are already there.",
        look=DIGITS_SAY,
    ),
    *multi_head(
        "multi_head.concat-wrong-axis", "The heads were put below each other, not side by side",
        _joined("np.concatenate(heads, axis=0)"),
        telltale=rf"(?s)\A(?!.*({A_MEAN}))(?!.*({BESIDE}))(?=.*({A_JOIN}))",
        off="The output is off", question="Should there be more rows or more columns, once the heads are joined?",
        why="The outputs were joined along the tokens, or along a new axis. So there are more rows than tokens, or a table for each head, and the columns do not fit W_O. A token should keep its row: what all heads say about it stands there in one line, feature after feature. With a single head it goes unseen.",
        look="multi_head(np.ones((3, 5)), *[np.ones((2, 5, 4))] * 3, np.ones((8, 5))).shape  # three tokens, five features: 3 by 5",
    ).also(
        _joined("heads"), _joined("heads.transpose(1, 0, 2)"), _unprojected("np.concatenate(heads, axis=0)"), telltale="",
    ),
    *multi_head(
        "multi_head.scaled-by-d_model", "The scores were divided by the root of the model's size, not of a head's",
        {"scale": "products / np.sqrt(embeddings.shape[-1])"}, read=SCORES_LESSON,
        off="The output is off", question="How many terms does one score of one head add up?",
        why="The dot products are taken within one head, so they add up d_k terms. The width of the whole model has no part in them. Dividing by its root makes the scores too small, and the weights too even. Read the size off the keys of the head itself.",
        look=f"multi_head({EYE} * 2, *[np.ones((2, 2, 1)) * [[1.0], [0.0]]] * 3, np.ones((2, 2)))[0]  # about 3.928",
    ).also(
        {"scale": "products / np.sqrt(len(Key) * Key.shape[-1])"},
        title="The scores were divided by the root of all heads' size together", elsewhere=None,
    ),
    multi_head(
        "multi_head.unscaled", "The scores were not divided by √d_k", {"scale": "products"}, read=SCORES_LESSON,
        off="The output is off", question="What would happen to the weights if every vector were a hundred times as long?",
        why="The scores of each head went into softmax as plain dot products. They grow with the number of features in a head, and large scores give nearly all weight to one word. If you wrote attention anew here, the division was lost on the way. Your own function from before has it.",
        look=f"multi_head({EYE}, np.array([[[2.0, 0.0], [0.0, 2.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]]), {EYE})  # about 0.804 on the diagonal",
    ),
    multi_head(
        "multi_head.unstable", "Large scores overflow: the row maximum was not subtracted", {"shift": "scores"},
        edge=True, read=OVERFLOW_LESSON,
        off="Large inputs go wrong", question="What is the exponential of 1000, and does a computer have room for it?",
        why="On small numbers this does no harm. Scores beyond 709 are too large for the exponential: it becomes inf, and inf divided by inf is nan. A single such row in one head is enough, since W_O spreads nan over the whole row of the result. Your softmax from before takes care of that.",
        look="multi_head(np.array([[40.0]]), *[np.ones((1, 1, 1))] * 3, np.ones((1, 1)))  # 40, no nan",
    ),
    multi_head(
        "multi_head.output-weights-transposed", "W_O was transposed", {"output projection": "concatenated @ W_O.T"},
        off="The output is off", question="Which side of W_O has a row for each number that the heads found?",
        why="W_O was flipped before it was used. It has one row for each feature of all heads together, and one column for each feature of the model, so it fits as it is. Where both numbers are the same, the flip raises no error and the result is wrong.",
        look=f"multi_head({EYE}, *[np.zeros((1, 2, 3))] * 2, np.ones((1, 2, 2)) * [1.0, 3.0], np.array([[0.0, 1.0], [0.0, 0.0]]))  # 1 moves to the second place: 0 1 in both rows",
    ),
    *multi_head(
        "multi_head.shared-weights", "All heads share a weight matrix", SHARED[0], elsewhere=None, read=HEADS_LESSON,
        off="The output is off", question="What makes one head different from another?",
        why="One of the weight matrices is the same for every head: its index never changes. The heads then differ less than they should. Each head has its own weights for queries, keys and values, so that it can ask its own question, match it in its own way, and pass on its own answer.",
        look=f"multi_head({EYE}, *[{TWO_HEADS}] * 3, np.eye(4)[:, ::2])[0]  # about 0.67 from head 0 and 1.89 from head 1",
    ).also(*SHARED[1:], step=None),
    multi_head(
        "multi_head.softmax-over-heads", "The weights add up to 1 over the heads, not over the keys",
        {"divide": "(lambda e: e / e.sum(axis=0))(np.exp(scores - scores.max(axis=0)))"},
        step="row sum", elsewhere=None, read=HEADS_LESSON,
        off="The output is off", question="Do the heads compete for attention, or the words?",
        why="With the heads stacked, the scores have three axes: heads, queries, keys. Softmax ran along the first, so that the heads compete with each other for each pair of words. But each head works alone. Within a head, every query spreads its own attention over the keys, which is the last axis.",
        look=DIGITS_SAY,
    ),
)
# fmt: on

MISCONCEPTIONS = {"multi_head": MULTI_HEAD_MISCONCEPTIONS}

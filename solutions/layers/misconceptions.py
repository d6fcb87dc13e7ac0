"""The mistakes that students make in this unit: a block's and a stack's have a module of their own."""

from __future__ import annotations

from autograder.author import edit
from solutions.layers.misconceptions_block import BLOCK_MISCONCEPTIONS, STACK_MISCONCEPTIONS
from solutions.layers.misconceptions_parts import (
    CAUSAL_MASK_MISCONCEPTIONS,
    FEED_FORWARD_MISCONCEPTIONS,
    LAYER_NORM_MISCONCEPTIONS,
    POSITIONAL_ENCODING_MISCONCEPTIONS,
)

# Of the function that is brought along, what is new here.
# fmt: off
MULTI_HEAD_MISCONCEPTIONS = (
    edit("multi_head.no-mask", "The mask was taken, and not used",
        ("+ mask", "+ 0 * np.where(mask < 0, 0.0, mask)"), read="Bring your own multi_head",
        why="Your multi_head has a parameter for the mask and works as it did before. The mask should be added to the scores of every head, before softmax turns them into weights. A score of minus infinity then becomes a weight of 0. If your attend makes the scores, hand the mask on to it.",
        look="multi_head(np.eye(2), *[np.zeros((1, 2, 2))] * 2, np.eye(2)[None], np.eye(2), np.array([[0.0, -np.inf], [0.0, 0.0]]))  # the first token sees itself alone: 1 0"),
    edit("multi_head.mask-times-scores", "The scores were multiplied by the mask, not added to it",
        ("+ mask", "* mask"), read="Bring your own multi_head",
        why="The mask holds 0 where a token may look. A score times 0 is 0, so all that may be seen counts the same, and minus infinity times a negative score is plus infinity. Added to the scores, 0 leaves them as they are, and minus infinity wipes them out, whatever their sign.",
        look="multi_head(np.eye(2), *[np.eye(2)[None]] * 2, np.eye(2)[None], np.eye(2), np.zeros((2, 2)))  # about 0.67 on the diagonal, not 0.5"),
)
# fmt: on

MISCONCEPTIONS = {
    "multi_head": MULTI_HEAD_MISCONCEPTIONS,
    "causal_mask": CAUSAL_MASK_MISCONCEPTIONS,
    "positional_encoding": POSITIONAL_ENCODING_MISCONCEPTIONS,
    "layer_norm": LAYER_NORM_MISCONCEPTIONS,
    "feed_forward": FEED_FORWARD_MISCONCEPTIONS,
    "block": BLOCK_MISCONCEPTIONS,
    "stack": STACK_MISCONCEPTIONS,
}

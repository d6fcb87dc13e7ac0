"""The mistakes that students make in a block and in a stack of them, each as what they work out in the place of a step.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

import numpy as np

from autograder.author import Array, Misconception, edit
from solutions.layers.model import block, layer_norm, positional_encoding
from solutions.layers.reference import STACK

BLOCK_LESSON, STACK_LESSON = "One block", "A stack of blocks"

# Weights of two features, made so that what a student sees is a number or two.
NOTHING = "np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.zeros((2, 2))"  # an attention that says nothing
EVEN = "np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.eye(2)[None], np.eye(2)"  # one that looks at all alike
AGAINST = (
    "np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.eye(2)[None], np.eye(2) * -9"  # one that says the opposite
)
SILENT = "np.zeros((2, 2)), np.zeros(2), np.zeros((2, 2)), np.zeros(2)"  # a network that says nothing
LOUD = "np.eye(2), np.zeros(2), np.eye(2), np.zeros(2)"  # one that says what is positive in its input
ONE = "np.array([[3.0, 1.0]])"
BOTH = "np.array([[3.0, 1.0], [1.0, 3.0]])"
ALONE, HIDDEN = "np.zeros((1, 1))", "np.array([[0.0, -np.inf], [0.0, 0.0]])"

block_edit = partial(edit, read=BLOCK_LESSON)
# fmt: off
BLOCK_MISCONCEPTIONS = (
    *block_edit("block.no-residual", "What came into the attention was not added to what it gives",
        {"first sum": "attention"},
        why="The short cut around the attention is missing. A token goes on with what it gathered from the others, and what it was itself is gone. Added, its own features stay, and the attention only changes them. In a stack of many blocks this is what keeps the words alive.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {SILENT})  # both parts say nothing: 3 1 comes out as it went in").also(
        {"second sum": "network"}, step="second sum", title="What came into the network was not added to what it gives",
        why="The short cut around the network is missing. A token goes on with what the network says of it, and what it was before is gone. Added, its own features stay, and the network only changes them. In a stack of many blocks this is what keeps the words alive.",
    ),
    block_edit("block.no-residual", "Both short cuts are missing",
        {"first sum": "attention", "second sum": "network"},
        why="What comes into a part should be added to what the part gives: around the attention, and around the network. Without it a token forgets in each block what it was. Added, its own features stay, and each part only changes them.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {SILENT})  # both parts say nothing: 3 1 comes out as it went in"),
    block_edit("block.norm-after", "The norm was taken after each sum, not before each part",
        {"first norm": "x", "first sum": "layer_norm(x + attention)", "second norm": "half", "second sum": "layer_norm(half + network)"},
        why="This is the block of the paper from 2017, and no mistake in itself. Most models since then take the norm before each part, and so does this lesson. Then the short cuts run through all layers without a norm in between, and deep stacks are easier to train.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {SILENT})  # both parts say nothing: 3 1 comes out as it went in"),
    *block_edit("block.no-norm", "The attention got its input without a norm",
        {"first norm": "x"},
        why="What comes in has been added to by all layers before, and may have grown. The norm brings each token to the same size, and only then the attention looks at it. It is taken before each of the two parts, and the short cut goes around it.",
        look=f"block({ONE}, {ALONE}, {EVEN}, {SILENT})  # 3 1, and about 1 -1 added: 4 and 0").also(
        {"second norm": "half"}, step="second norm", title="The network got its input without a norm",
        why="The sum of what came in and what the attention says may have any size. The norm brings each token to the same size, and only then the network works on it. It is taken before each of the two parts, and the short cut goes around it.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {LOUD})  # 3 1, and about 1 0 added: 4 and 1",
    ),
    block_edit("block.no-norm", "There is no norm in it",
        {"first norm": "x", "second norm": "half"},
        why="What comes into a part has been added to by all before it, and may have grown. The norm brings each token to the same size, before the attention looks at it and before the network works on it. The short cuts go around it.",
        look=f"block({ONE}, {ALONE}, {EVEN}, {SILENT})  # 3 1, and about 1 -1 added: 4 and 0"),
    *block_edit("block.norm-on-the-short-cut", "The short cut carries the norm, not what came in",
        {"first sum": "first_norm + attention"},
        why="The name of the input was given to its norm, or the norm was added in its place. Only the part should work on the norm. What is added to its result is what came in, just as it was. Then the words run from the bottom to the top of a stack, and each layer adds its share.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {SILENT})  # both parts say nothing: 3 1 comes out as it went in").also(
        {"second sum": "second_norm + network"}, {"first sum": "first_norm + attention", "second sum": "second_norm + network"}, step=None,
    ),
    block_edit("block.network-reads-the-input", "The network reads what came into the block, not what the attention left",
        {"second norm": "first_norm"},
        why="Both parts worked on the same input, side by side. Here they work one after the other: first the tokens look at each other, then the network thinks over what each of them has found. So it should get the norm of the first sum.",
        look=f"block({ONE}, {ALONE}, {AGAINST}, {LOUD})  # about -6 and 11"),
    block_edit("block.short-cut-from-the-start", "What the attention found was lost at the second sum",
        {"second sum": "x + network"},
        why="The network's result was added to what came into the block. So what the attention found is only there as far as the network speaks of it. The second short cut begins after the first sum. Each part adds to what is there by then.",
        look=f"block({ONE}, {ALONE}, {EVEN}, {SILENT})  # 3 1, and about 1 -1 added: 4 and 0"),
    block_edit("block.network-first", "The network came first, and the attention second",
        {"attention": "feed_forward(first_norm, W_1, b_1, W_2, b_2)", "network": "multi_head(second_norm, W_Q, W_K, W_V, W_O, mask)"},
        why="Both parts are there, in the wrong order. First a token looks at the others and gathers what it needs. Then the network works on what it has gathered. In a long stack they take turns anyway, but the weights of a block are made for this order.",
        look=f"block({ONE}, {ALONE}, {AGAINST}, {LOUD})  # about -6 and 11"),
    block_edit("block.no-mask", "The mask was not used",
        {"attention": "multi_head(first_norm, W_Q, W_K, W_V, W_O, np.zeros_like(mask))"},
        why="The mask came in and was not handed on to the attention, or was lost on the way. Each token then sees those after it, too. Where the mask hides nothing, the result is right, so that it shows in some places alone.",
        look=f"block({BOTH}, {HIDDEN}, {EVEN}, {SILENT})[0]  # the first token sees itself alone: about 4 and 0"),
    block_edit("block.no-network", "The network is missing",
        {"second sum": "half"},
        why="The block ends after the attention. The second half takes what each token has gathered, brings it to the same size with a norm, lets the network work on it, and adds what comes of it. Most of a model's weights are there.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {LOUD})  # 3 1, and about 1 0 added: 4 and 1"),
    block_edit("block.no-attention", "The attention is missing",
        {"first sum": "x"},
        why="The block begins with the network. The first half lets the tokens look at each other: it takes the norm, hands it to your attention with the mask, and adds what comes of it. Without it each token stays alone, and no word ever learns of another.",
        look=f"block({ONE}, {ALONE}, {EVEN}, {SILENT})  # 3 1, and about 1 -1 added: 4 and 0"),
    block_edit("block.normed-at-the-end", "The result of the block was normed once more",
        {"second sum": "layer_norm(half + network)"},
        why="There is a norm too many. It is taken before each of the two parts, and not at the end of a block. What leaves the block goes on as it is. A last norm comes once, after the last layer, and that is the work of the stack.",
        look=f"block({ONE}, {ALONE}, {NOTHING}, {SILENT})  # both parts say nothing: 3 1 comes out as it went in"),
)
# fmt: on

Layers: TypeAlias = list[tuple[Array, ...]]


def _not_chained(start: Array, mask: Array, layers: Layers) -> Array:
    return np.array([block(start, mask, *weights) for weights in layers])


def _through(start: Array, mask: Array, layers: Layers) -> Array:
    outputs, x = [], start
    for weights in layers:
        x = block(x, mask, *weights)
        outputs.append(x)
    return np.array(outputs)


def _with_first_weights(start: Array, mask: Array, layers: Layers) -> Array:
    return _through(start, mask, [layers[0]] * len(layers))


def _with_last_weights(start: Array, mask: Array, layers: Layers) -> Array:
    return _through(start, mask, [layers[-1]] * len(layers))


def _from_the_last(start: Array, mask: Array, layers: Layers) -> Array:
    return _through(start, mask, layers[::-1])


def _with_positions(start: Array, mask: Array, layers: Layers) -> Array:
    """Positions added again before every layer but the first."""
    outputs, x = [], start
    for place, weights in enumerate(layers):
        x = block(x + positional_encoding(*x.shape) if place else x, mask, *weights)
        outputs.append(x)
    return np.array(outputs)


def _normed_each_time(start: Array, mask: Array, layers: Layers) -> Array:
    outputs, x = [], start
    for weights in layers:
        x = layer_norm(block(x, mask, *weights))
        outputs.append(x)
    return np.array(outputs)


layers = STACK.changing("layers")
last = STACK.changing("last layer")

QUIET = f"({NOTHING}, {SILENT})"
WORDS = "np.array([[2.0, 0.0], [0.0, 2.0]])"
SPEAKING = f"({NOTHING}, np.eye(2), np.zeros(2), np.eye(2) * 5, np.zeros(2))"
SHIFTING = f"({NOTHING}, np.eye(2), np.zeros(2), np.array([[0.0, 5.0], [0.0, 0.0]]), np.zeros(2))"

stack = partial(Misconception, read=STACK_LESSON)
# fmt: off
STACK_MISCONCEPTIONS = (
    stack("stack.not-chained", "Every layer reads the same input", "layers", layers(_not_chained),
        why="Each block got what came into the first one, and only the last result was kept. So all layers but the last have worked for nothing. What comes out of a layer should go into the next: keep it under the name that the next round reads.",
        look=f"stack({ONE}, [{SHIFTING}, {SHIFTING}, {SPEAKING}])  # about -1 and 1"),
    *stack("stack.one-layer-repeated", "All layers have the same weights", "layers", layers(_with_first_weights),
        why="Each round took the weights of the same layer. The loop runs as often as it should, but an index in it never changes. Every layer has eight arrays of its own. That is why a later one can do something else than the first.",
        look=f"stack({ONE}, [{QUIET}, {SHIFTING}, {QUIET}])  # about -1 and 1").also(layers(_with_last_weights)),
    *stack("stack.first-layer-alone", "Only the first layer was run", "last layer", last(lambda outputs: outputs[0]),
        why="The loop ends after its first round, or only the first weights were taken. With a single layer that is right, so look at two. Each round starts from what the last one gave, and whatever ends the function belongs after the loop.",
        look=f"stack({ONE}, [{QUIET}, {SHIFTING}])  # about -1 and 1").also(
        STACK.replacing("last layer", lambda outputs: outputs[0]).replacing("last norm", lambda x: x), step="last layer"),
    stack("stack.reversed", "The last layer came first", "layers", layers(_from_the_last),
        why="The layers were run from the last to the first. Each one has learned to read what the one before it gives, so the order matters. The first in the list is the one that reads the words, and the last one gives the result.",
        look=f"stack({ONE}, [{SHIFTING}, ({NOTHING}, np.eye(2), np.zeros(2), np.array([[0.0, 0.0], [9.0, 0.0]]), np.zeros(2))])  # about 1 and -1"),
    stack("stack.no-positions", "The positions are missing", "start", STACK.replacing("start", lambda embeddings: embeddings, operands=("embeddings",)),
        why="The embeddings went into the first layer as they are. Attention does not know who stands where, so that the order of the words would hardly count. The encoding of the positions is added to the embeddings once, before the first layer.",
        look=f"stack(np.array([[2.0, 1.0]]), [{QUIET}])  # position 0 adds 0 1, so that both are equal: two zeros"),
    stack("stack.positions-in-every-layer", "The positions were added before every layer", "layers", layers(_with_positions),
        why="The encoding was added again in each round. The first layer's input has it already, and the short cuts carry it through all layers. Added again and again, it grows and drowns the words. It belongs before the loop, where it is added once.",
        look=f"stack(np.array([[2.0, 1.0]]), [{QUIET}, {QUIET}])  # two equal features give two zeros"),
    stack("stack.no-mask", "Later tokens were not hidden", "mask", STACK.replacing("mask", lambda embeddings: np.zeros((len(embeddings), len(embeddings)))),
        why="Each token could see those after it. This stack is made to tell the next word, and what it should tell must not be in sight. Make the mask for as many tokens as there are, and hand it to every block.",
        look=f"stack(np.array([[4.0, 0.0], [0.0, 9.0]]), [({AGAINST}, {SILENT})])[0]  # the first token sees itself alone: about -1 and 1"),
    stack("stack.no-last-norm", "The last norm is missing", "last norm", STACK.replacing("last norm", lambda x: x),
        why="What leaves the last block was returned as it is. Every block has added to it, so that its size may be anything. One last norm, after the last layer, brings each token to the same size, whatever comes next.",
        look=f"stack(np.array([[9.0, 0.0]]), [{QUIET}])  # about 1 and -1"),
    stack("stack.norm-after-every-layer", "The norm was taken after every layer", "layers", layers(_normed_each_time).replacing("last norm", lambda x: x),
        why="The last norm stands within the loop. Between the layers nothing should be changed: each block takes the norms that it needs itself, and the short cuts carry the words on as they are. The last norm comes once, after the loop.",
        look=f"stack(np.array([[9.0, -9.0]]), [{QUIET}, ({NOTHING}, np.eye(2), np.zeros(2), np.array([[-9.0, 0.0], [0.0, 0.0]]), np.zeros(2))])  # about 1 and -1"),
    *stack("stack.layers-summed", "The outputs of all layers were put together", "last layer", last(lambda outputs: outputs.sum(axis=0)),
        why="The outputs of the layers were added up or averaged. The short cuts within the blocks do that already: the output of the last one holds the words and all that any layer has added. So take that one alone.",
        look=f"stack(np.array([[2.0, 0.0]]), [{QUIET}, ({NOTHING}, np.eye(2), np.zeros(2), np.array([[0.0, 1.2], [0.0, 0.0]]), np.zeros(2))])  # about -1 and 1").also(
        last(lambda outputs, start: outputs[-1] + start, "outputs", "start")),
    *stack("stack.returns-all", "The outputs of all layers came back", "last norm", STACK.replacing("last norm", layer_norm, operands=("outputs",)),
        why="The result holds what every layer gave, one above the other. That is good to look at, but it is a table too many for each layer. What the stack gives is the output of the last layer alone: a row for each token.",
        look=f"stack({WORDS}, [{QUIET}, {QUIET}]).shape  # two tokens, two features: 2 by 2").also(STACK.replacing("last norm", lambda outputs: outputs, operands=("outputs",))),
    *stack("stack.two-layers", "It runs two layers, however many there are", "last layer", last(lambda outputs: outputs[min(1, len(outputs) - 1)]),
        why="The number of layers is written into the code. It should be as many as there are weights for: one for each entry of the list. A loop over the list itself needs no number at all, and is right for one layer as for a hundred.",
        look=f"stack({ONE}, [{QUIET}, {QUIET}, {SHIFTING}])  # about -1 and 1").also(last(lambda outputs: outputs[1])),
    stack("stack.last-layer-left-out", "The last layer was left out", "last layer", last(lambda outputs, start: outputs[-2] if len(outputs) > 1 else start, "outputs", "start"),
        why="The loop ends one round too early. A range that ends at the number of layers less one does that, since its end is not a part of it. Every entry of the list is a layer to run, the last one as well.",
        look=f"stack({ONE}, [{QUIET}, {SHIFTING}])  # about -1 and 1"),
)
# fmt: on

"""The functions of this unit as plain NumPy: what a block and a stack are made of, and what the training runs.

Source: Vaswani et al. 2017, sections 3.1 to 3.5; the norm stands before each part, as in Xiong et al. 2020.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.author import Array

EPSILON = 1e-5  # added to the variance of a token


def causal_mask(n: int) -> Array:
    """0 where a token may look, minus infinity at those after it: shape (n, n)."""
    return np.where(np.tri(n, dtype=bool), 0.0, -np.inf)


def positional_encoding(n: int, d_model: int) -> Array:
    """Sines and cosines by position, in pairs that turn slower and slower: shape (n, d_model)."""
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(d_model) // 2 / (d_model / 2))
    return np.where(np.arange(d_model) % 2, np.cos(angles), np.sin(angles))


def layer_norm(x: Array, epsilon: float = EPSILON) -> Array:
    """Each token's features with a mean of 0 and a variance of 1, of the same shape."""
    centred = x - x.mean(axis=-1, keepdims=True)
    normal: Array = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon)
    return normal


def multi_head(x: Array, W_Q: Array, W_K: Array, W_V: Array, W_O: Array, mask: Array) -> Array:
    """Attention of several heads, whose scores the mask is added to: shape (n, d_model)."""
    Query, Key, Value = x @ W_Q, x @ W_K, x @ W_V
    scores = Query @ np.swapaxes(Key, -1, -2) / np.sqrt(Key.shape[-1]) + mask
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    heads = exponentials / exponentials.sum(axis=-1, keepdims=True) @ Value
    output: Array = np.concatenate(list(heads), axis=-1) @ W_O
    return output


def feed_forward(x: Array, W_1: Array, b_1: Array, W_2: Array, b_2: Array) -> Array:
    """The network that works on each token for itself: shape (n, d_model)."""
    output: Array = np.maximum(x @ W_1 + b_1, 0) @ W_2 + b_2
    return output


def block(x: Array, mask: Array, *weights: Array, epsilon: float = EPSILON) -> Array:
    """Attention and network, each on the norm of what comes in and added to it: shape (n, d_model)."""
    x = x + multi_head(layer_norm(x, epsilon), *weights[:4], mask)
    return x + feed_forward(layer_norm(x, epsilon), *weights[4:])


def stack(embeddings: Array, layers: Sequence[Sequence[Array]], epsilon: float = EPSILON) -> Array:
    """Embeddings with their positions through one block after the other, and a last norm: shape (n, d_model)."""
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights, epsilon=epsilon)
    return layer_norm(x, epsilon)

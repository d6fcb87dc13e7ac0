"""Trains the next-word model of the lesson, and writes its weights into the lesson.

    python solutions/layers/learned.py

trains anew, which takes about a minute, and puts the weights into the lesson's folded cell. Backpropagation is written
out by hand, and a test holds it against small differences. The last digits of a training differ from machine to machine,
and grow in it: so the weights that the lesson holds are those of one run, the head of their cell says of which sentences
and settings, and a test says where these have changed since.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from autograder.author import Array
from solutions.layers.grammar import VOCABULARY, sentences
from solutions.layers.model import EPSILON, causal_mask, positional_encoding, stack

SENTENCES: Final = 3000
HELD_BACK: Final = 300  # other sentences of the same grammar, never trained on
LAYERS, HEADS, D_MODEL, D_K, D_FF = 2, 2, 16, 8, 32
STEPS: Final = 1500
BATCH: Final = 64
RATE: Final = 6e-3
SEED: Final = 2017
BITS: Final = 127  # each weight is one of 255 numbers: what its array's largest one is divided into

Weights: TypeAlias = list[Array]  # the table of embeddings, then eight arrays for each layer


def start(rng: np.random.Generator) -> Weights:
    """Random weights to begin with."""

    def normal(*shape: int) -> Array:
        return rng.normal(size=shape, scale=1 / np.sqrt(shape[-2]))

    weights = [rng.normal(size=(len(VOCABULARY), D_MODEL), scale=0.5)]
    for _ in range(LAYERS):
        weights += [normal(HEADS, D_MODEL, D_K) for _ in range(3)]
        weights += [normal(HEADS * D_K, D_MODEL) / 2, normal(D_MODEL, D_FF), np.zeros(D_FF)]
        weights += [normal(D_FF, D_MODEL) / 2, np.zeros(D_MODEL)]
    return weights


def layers_of(weights: Weights) -> list[tuple[Array, ...]]:
    """The eight arrays of each layer, as `stack` takes them."""
    return [tuple(weights[place : place + 8]) for place in range(1, len(weights), 8)]


def encoded(texts: Sequence[Sequence[str]]) -> tuple[Array, Array]:
    """Words as places in the vocabulary, in rows of one length, and where there is a word to tell."""
    longest = max(map(len, texts))
    places = np.zeros((len(texts), longest), dtype=int)
    there = np.zeros((len(texts), longest), dtype=bool)
    for row, text in enumerate(texts):
        places[row, : len(text)] = [VOCABULARY.index(word) for word in text]
        there[row, : len(text)] = True
    return places, there


# ------------------------------------------------------------------------------------- forwards and backwards


def _normed(x: Array) -> tuple[Array, Array]:
    centred = x - x.mean(axis=-1, keepdims=True)
    roots = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    return centred / roots, roots


def _normed_back(grad: Array, normal: Array, roots: Array) -> Array:
    means = grad.mean(axis=-1, keepdims=True), (grad * normal).mean(axis=-1, keepdims=True)
    back: Array = (grad - means[0] - normal * means[1]) / roots
    return back


def _block(x: Array, mask: Array, weights: Sequence[Array]) -> tuple[Array, tuple[Any, ...]]:
    """One block on a batch of sentences, and all that its way back needs."""
    W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2 = weights
    first, first_roots = _normed(x)
    Q, K, V = (np.einsum("bnd,hdk->bhnk", first, W) for W in (W_Q, W_K, W_V))
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(D_K) + mask
    A = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A /= A.sum(axis=-1, keepdims=True)
    joined = (A @ V).transpose(0, 2, 1, 3).reshape(*x.shape[:2], -1)
    half = x + joined @ W_O
    second, second_roots = _normed(half)
    active = np.maximum(second @ W_1 + b_1, 0)
    return half + active @ W_2 + b_2, (first, first_roots, Q, K, V, A, joined, second, second_roots, active)


def _block_back(grad: Array, weights: Sequence[Array], kept: tuple[Any, ...]) -> tuple[Array, list[Array]]:
    """The gradients of a block's input and of its weights."""
    W_Q, W_K, W_V, W_O, W_1, _, W_2, _ = weights
    first, first_roots, Q, K, V, A, joined, second, second_roots, active = kept
    to_hidden = (grad @ W_2.T) * (active > 0)
    network = [
        np.einsum("bni,bnj->ij", second, to_hidden),
        to_hidden.sum(axis=(0, 1)),
        np.einsum("bni,bnj->ij", active, grad),
        grad.sum(axis=(0, 1)),
    ]
    to_half = grad + _normed_back(to_hidden @ W_1.T, second, second_roots)
    to_joined = to_half @ W_O.T
    to_heads = to_joined.reshape(*joined.shape[:2], HEADS, D_K).transpose(0, 2, 1, 3)
    to_weights = to_heads @ V.swapaxes(-1, -2)
    to_scores = A * (to_weights - (to_weights * A).sum(axis=-1, keepdims=True)) / np.sqrt(D_K)
    to_QKV = to_scores @ K, to_scores.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ to_heads
    attention = [np.einsum("bnd,bhnk->hdk", first, one) for one in to_QKV]
    attention.append(np.einsum("bni,bnj->ij", joined, to_half))
    to_first = sum(np.einsum("bhnk,hdk->bnd", one, W) for one, W in zip(to_QKV, (W_Q, W_K, W_V), strict=True))
    return to_half + _normed_back(np.asarray(to_first), first, first_roots), [*attention, *network]


def loss(weights: Weights, places: Array, there: Array) -> tuple[float, Weights]:
    """How surprised the model is by each next word, in the mean, and the gradients of all weights."""
    table, n = weights[0], places.shape[1] - 1
    asked, told, counts = places[:, :-1], places[:, 1:], there[:, 1:]
    x = table[asked] + positional_encoding(n, D_MODEL)
    mask, kept = causal_mask(n), []
    for layer in layers_of(weights):
        x, needed = _block(x, mask, layer)
        kept.append(needed)
    output, roots = _normed(x)
    logits = output @ table.T
    P = np.exp(logits - logits.max(axis=-1, keepdims=True))
    P /= P.sum(axis=-1, keepdims=True)
    right = np.take_along_axis(P, told[..., None], axis=-1)[..., 0]
    mean = -float(np.log(right[counts]).mean())
    np.put_along_axis(P, told[..., None], right[..., None] - 1, axis=-1)
    grad = P * counts[..., None] / counts.sum()
    to_table = np.einsum("bnv,bnd->vd", grad, output)
    back = _normed_back(grad @ table, output, roots)
    gradients: Weights = []
    for layer, needed in zip(reversed(layers_of(weights)), reversed(kept), strict=True):
        back, of_layer = _block_back(back, layer, needed)
        gradients = [*of_layer, *gradients]
    np.add.at(to_table, asked, back)
    return mean, [to_table, *gradients]


def trained(steps: int = STEPS) -> Iterator[tuple[float, Weights]]:
    """Trains with Adam: after each step the loss on its batch, and the weights."""
    rng = np.random.default_rng(SEED)
    places, there = encoded(sentences(SENTENCES, SEED))
    weights = start(rng)
    speed = [np.zeros_like(one) for one in weights]
    size = [np.zeros_like(one) for one in weights]
    for step in range(1, steps + 1):
        some = rng.choice(len(places), size=BATCH, replace=False)
        mean, gradients = loss(weights, places[some], there[some])
        rate = RATE * min(1.0, step / 50) * (1 - step / (steps + 1))
        for place, gradient in enumerate(gradients):
            speed[place] = 0.9 * speed[place] + 0.1 * gradient
            size[place] = 0.98 * size[place] + 0.02 * gradient**2
            move = speed[place] / (1 - 0.9**step) / (np.sqrt(size[place] / (1 - 0.98**step)) + 1e-8)
            weights[place] = weights[place] - rate * (move + 0.01 * weights[place])
        yield mean, weights


# ------------------------------------------------------------------------------------------------- as text


def packed(weights: Weights) -> dict[str, str]:
    """Each array as a line of text: its largest entry, its shape, and each entry as a byte."""
    names = ["table", *(f"{name}.{layer}" for layer in range(LAYERS) for name in _NAMES)]
    found = {}
    for name, array in zip(names, weights, strict=True):
        largest = float(f"{np.abs(array).max():.4g}") or 1.0
        numbers = np.clip(np.rint(array / largest * BITS), -BITS, BITS).astype(np.int8)
        shape = "x".join(map(str, array.shape))
        found[name] = f"{largest:g} {shape} {base64.b64encode(numbers.tobytes()).decode()}"
    return found


_NAMES: Final = ("W_Q", "W_K", "W_V", "W_O", "W_1", "b_1", "W_2", "b_2")


def unpacked(text: str) -> Weights:
    """The weights in the text of the lesson."""
    weights = []
    for line in re.sub(r"\n +", "", text.strip()).splitlines():
        largest, shape, letters = line.split()
        numbers = np.frombuffer(base64.b64decode(letters), dtype=np.int8)
        weights.append(numbers.reshape([int(size) for size in shape.split("x")]) * (float(largest) / BITS))
    return weights


def settings() -> str:
    """The sentences and settings of the training in one word."""
    told = [LAYERS, HEADS, D_MODEL, D_K, D_FF, STEPS, BATCH, RATE, SEED, SENTENCES, VOCABULARY]
    some = sentences(SENTENCES, SEED)
    return hashlib.sha256(json.dumps([told, some]).encode()).hexdigest()[:16]


def surprise(weights: Weights) -> float:
    """The loss on the sentences that were held back."""
    places, there = encoded(sentences(HELD_BACK, SEED + 1))
    return loss(weights, places, there)[0]


def next_words(weights: Weights, text: str, most: int = 5) -> list[tuple[str, float]]:
    """The likeliest next words after a text, each with its probability."""
    places = [VOCABULARY.index(word) for word in text.split()]
    logits = stack(weights[0][places], layers_of(weights))[-1] @ weights[0].T
    exponentials = np.exp(logits - logits.max())
    probabilities = exponentials / exponentials.sum()
    order = np.argsort(-probabilities)[:most]
    return [(VOCABULARY[place], float(probabilities[place])) for place in order]


def text_of(weights: Weights) -> str:
    """What stands in the lesson between the quotes: a line for each array, broken where it is too long."""
    lines = []
    for line in packed(weights).values():
        first, *more = textwrap.wrap(line, 108, break_on_hyphens=False)
        lines += [first, *(f"  {one}" for one in more)]
    return "\n".join(lines)


LESSON: Final = Path(__file__).with_name("layers.py")
_HELD: Final = re.compile(r'(?<=# trained with )\w+|(?<=TRAINED = """\n).*?(?=\n""")', re.DOTALL)


def held(lesson: str) -> tuple[str, Weights]:
    """What the lesson says it was trained with, and its weights."""
    digest, text = _HELD.findall(lesson)
    return digest, unpacked(text)


def main() -> None:
    """Trains, and writes the weights into the lesson."""
    weights: Weights = []
    for step, (mean, weights) in enumerate(trained(), start=1):  # noqa: B007
        if step % 100 == 0:
            print(f"step {step}: {mean:.3f}")
    lesson = LESSON.read_text(encoding="utf-8")
    new = iter((settings(), text_of(weights)))
    LESSON.write_text(_HELD.sub(lambda _: next(new), lesson), encoding="utf-8")
    kept = held(LESSON.read_text(encoding="utf-8"))[1]
    print(f"on sentences held back: {surprise(weights):.3f}, as the lesson holds them: {surprise(kept):.3f}")


if __name__ == "__main__":
    main()

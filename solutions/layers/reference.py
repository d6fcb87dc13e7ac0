"""Words for the steps of the solutions; and a block and a stack of them as steps, each of which is a whole function.

Source: Vaswani et al. 2017, sections 3.1 to 3.5; the norm stands before each part, as in Xiong et al. 2020.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.author import Array, Index, Procedure, Step, Values, number, operand, row, told
from solutions.layers.model import block as one_block
from solutions.layers.model import causal_mask, feed_forward, layer_norm, multi_head, positional_encoding


def _is_later(_: Values, index: Index) -> str:
    i, j = index
    return f"column {j} is {'later' if j > i else 'no later'} than row {i}"


def _masked(of: Values, index: Index) -> str:
    i, j = index
    return f"M[{i}, {j}] = {number(of['mask'][i, j])}"


def _wave(of: Values, index: Index) -> str:
    i, j = index
    return f"{'cos' if j % 2 else 'sin'}({number(of['angles'][i, j])}) = {number(of['waves'][i, j])}"


def _of_feature(symbol: str, says: str) -> Callable[[Values, Index], str]:
    return lambda of, index: f"feature {index[1]}: {says} = {number(of[symbol][index[1]])}"


# ------------------------------------------------------------------------------------------------------ a block


def _row(symbol: str, says: str) -> Callable[[Values, Index], str]:
    """Row i of a value."""
    return lambda of, index: f"row {index[0]} of {says} = {row(of[symbol][index[0]])}"


def _entry(symbol: str, says: str) -> Callable[[Values, Index], str]:
    """The entry of a value at the cell."""
    return lambda of, index: f"{says}[{index[0]}, {index[1]}] = {number(of[symbol][index])}"


def _sum(left: str, right: str, total: str) -> Callable[[Values, Index], str]:
    """Two entries at the cell added up."""
    return lambda of, index: (
        f"{number(of[left][index])} + {operand(of[right][index])} = {number(of[total][index])}"
    )


BLOCK = Procedure(
    function="block",
    parameters=("x", "mask", "W_Q", "W_K", "W_V", "W_O", "W_1", "b_1", "W_2", "b_2"),
    steps=(
        Step(
            name="first norm",
            symbol="first_norm",
            operands=("x",),
            op=layer_norm,
            formula=r"N = \mathrm{Norm}(X)",
            plain="N = Norm of x",
            sentence="Bring each token to mean 0 and variance 1, for the attention to work on.",
            cell=_row("first_norm", "N"),
        ),
        Step(
            name="attention",
            symbol="attention",
            operands=("first_norm", "W_Q", "W_K", "W_V", "W_O", "mask"),
            op=multi_head,
            formula=r"A = \mathrm{MultiHead}(N)",
            plain="A = attention of N, masked",
            sentence="Let the tokens look at each other, as far as the mask allows.",
            cell=_entry("attention", "A"),
        ),
        Step(
            name="first sum",
            symbol="half",
            operands=("x", "attention"),
            op=np.add,
            formula=r"H = X + A",
            plain="H = X + A",
            sentence="Add what came in: the short cut around the attention.",
            cell=_sum("x", "attention", "half"),
        ),
        Step(
            name="second norm",
            symbol="second_norm",
            operands=("half",),
            op=layer_norm,
            formula=r"L = \mathrm{Norm}(H)",
            plain="L = Norm of H",
            sentence="Bring each token of the sum to mean 0 and variance 1, for the network to work on.",
            cell=_row("second_norm", "L"),
        ),
        Step(
            name="network",
            symbol="network",
            operands=("second_norm", "W_1", "b_1", "W_2", "b_2"),
            op=feed_forward,
            formula=r"F = \mathrm{FFN}(L)",
            plain="F = network of L",
            sentence="Let the network work on each token for itself.",
            cell=_entry("network", "F"),
        ),
        Step(
            name="second sum",
            symbol="output",
            operands=("half", "network"),
            op=np.add,
            formula=r"O = H + F",
            plain="O = H + F",
            sentence="Add the sum from before: the short cut around the network.",
            cell=_sum("half", "network", "output"),
        ),
    ),
    returns=("output",),
)


# ------------------------------------------------------------------------------------------------------ a stack


def _through(start: Array, mask: Array, layers: list[tuple[Array, ...]]) -> Array:
    """The outputs of all layers, the first one first: shape (layers, n, d_model)."""
    outputs, x = [], start
    for weights in layers:
        x = one_block(x, mask, *weights)
        outputs.append(x)
    return np.array(outputs)


def _outputs(of: Values, index: Index) -> str:
    found = [number(output[index]) for output in of["outputs"]]
    return f"[{index[0]}, {index[1]}] after " + "; ".join(
        f"layer {place}: {one}" for place, one in enumerate(found)
    )


STACK = Procedure(
    function="stack",
    parameters=("embeddings", "layers"),
    steps=(
        Step(
            name="positions",
            symbol="positions",
            operands=("embeddings",),
            op=lambda embeddings: positional_encoding(*embeddings.shape),
            formula=r"P = \mathrm{PE}",
            plain="P = the encoding of all positions",
            sentence="Make the encoding of as many positions as there are tokens.",
            cell=_entry("positions", "P"),
        ),
        Step(
            name="start",
            symbol="start",
            operands=("embeddings", "positions"),
            op=np.add,
            formula=r"X_0 = E + P",
            plain="X[0] = E + P",
            sentence="Add it to the embeddings, once, before the first layer.",
            cell=_sum("embeddings", "positions", "start"),
        ),
        Step(
            name="mask",
            symbol="mask",
            operands=("embeddings",),
            op=lambda embeddings: causal_mask(len(embeddings)),
            formula=r"M_{ij} = -\infty \text{ where } j > i",
            plain="M[i, j] = −∞ where j > i",
            sentence="Make the mask that hides the tokens after each one.",
            cell=lambda of, index: f"token {index[0]} sees the tokens 0 to {index[0]}",
        ),
        Step(
            name="layers",
            symbol="outputs",
            operands=("start", "mask", "layers"),
            op=_through,
            formula=r"X_l = \mathrm{Block}_l(X_{l-1})",
            plain="X[l] = block l of X[l−1]",
            sentence="Run one block after the other: the output of each is the input of the next.",
            cell=_outputs,
        ),
        Step(
            name="last layer",
            symbol="last",
            operands=("outputs",),
            op=lambda outputs: outputs[-1],
            formula=r"X = X_L",
            plain="X = X[last]",
            sentence="Take what comes out of the last layer.",
            cell=_entry("last", "X"),
        ),
        Step(
            name="last norm",
            symbol="output",
            operands=("last",),
            op=layer_norm,
            formula=r"O = \mathrm{Norm}(X)",
            plain="O = Norm of X",
            sentence="Bring each token to mean 0 and variance 1 a last time.",
            cell=_entry("output", "O"),
        ),
    ),
    returns=("output",),
)

# fmt: off
STEPS = {
    "causal_mask": {
        "place": told(r"p_j = j", "p[j] = j", lambda of, index: f"p[{index[1]}] = {index[1]}"),
        "later": told(r"L_{ij} = [\,j > i\,]", "L[i, j]: whether j > i", _is_later),
        "mask": told(r"M_{ij} = -\infty \text{ where } L_{ij}\text{, else } 0", "M[i, j] = −∞ where L[i, j], else 0", _masked),
    },
    "positional_encoding": {
        "feature": told(r"j = 0, 1, \dots, d_{\mathrm{model}} - 1", "j = 0, 1, …, d_model − 1", lambda of, index: f"feature {index[1]}"),
        "pair": told(r"k_j = \lfloor j / 2 \rfloor", "k[j] = ⌊j / 2⌋", _of_feature("pairs", "pair")),
        "exponent": told(r"e_j = \frac{2 k_j}{d_{\mathrm{model}}}", "e[j] = 2·k[j] / d_model", _of_feature("exponents", "exponent")),
        "wavelength": told(r"w_j = 10000^{e_j}", "w[j] = 10000^e[j]", _of_feature("wavelengths", "10000 to the power of the exponent")),
        "position": told(r"p_i = i", "p[i] = i", lambda of, index: f"position {index[0]}"),
        "angle": told(r"a_{ij} = \frac{p_i}{w_j}", "a[i, j] = p[i] / w[j]", lambda of, index: f"{index[0]} / {number(of['wavelengths'][index[1]])} = {number(of['angles'][index])}"),
        "sine": told(r"s_{ij} = \sin a_{ij}", "s[i, j] = sin(a[i, j])", lambda of, index: f"sin({number(of['angles'][index])}) = {number(of['sines'][index])}"),
        "cosine": told(r"c_{ij} = \cos a_{ij}", "c[i, j] = cos(a[i, j])", lambda of, index: f"cos({number(of['angles'][index])}) = {number(of['cosines'][index])}"),
        "odd": told(r"o_j = j \bmod 2", "o[j] = j mod 2", lambda of, index: f"feature {index[1]} is the {'second' if index[1] % 2 else 'first'} of its pair"),
        "wave": told(r"P_{ij} = c_{ij} \text{ where } o_j\text{, else } s_{ij}", "P[i, j] = c[i, j] where o[j], else s[i, j]", _wave),
    },
}
# fmt: on
PROCEDURES = {"block": BLOCK, "stack": STACK}

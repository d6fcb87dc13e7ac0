"""The function of this unit as named steps: every value has the heads along its first axis.

Source: Vaswani et al. 2017, section 3.2.2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.author import Array, Index, Procedure, Step, Values, dot, number, row
from solutions.self_attention.reference import product, scale, softmax_steps


def concatenate(heads: np.ndarray) -> np.ndarray:
    """The heads side by side: (h, n, d_v) becomes (n, h·d_v)."""
    return np.concatenate(list(heads), axis=-1)


def _each_head(describe: Callable[[Values, int, int], str]) -> Callable[[Values, Index], str]:
    """The arithmetic of a step for row i of every head; what `describe` says of one head is joined."""

    def cell(values: Values, index: Index) -> str:
        heads = len(values["W_Q"])
        return "; ".join(f"head {head}: {describe(values, head, index[0])}" for head in range(heads))

    return cell


def _row_of(symbol: str) -> Callable[[Values, int, int], str]:
    return lambda values, head, i: row(values[symbol][head, i], most=6)


def _projection(name: str, letter: str, symbol: str, what: str) -> Step:
    weights = f"W_{letter}"

    def of_token(values: Values, head: int, i: int) -> str:
        return f"embeddings[{i}] · {weights}[{head}] = {row(values[symbol][head, i], most=6)}"

    def of_all(values: Values, head: int, i: int) -> str:
        place = f"embeddings · {weights}[{head}], column 0"
        return f"{place} = {row(values[symbol][head, :, 0], most=6)}"

    return Step(
        name=name,
        symbol=symbol,
        operands=("embeddings", weights),
        op=np.matmul,
        formula=rf"{letter}_r = X\, W_{{{letter},r}}",
        plain=f"{letter}[r] = X · {weights}[r]",
        sentence=f"Each head makes {what} of its own: all embeddings times its own weights.",
        # Row i of the output needs query i alone, but the keys and values of every token.
        cell=_each_head(of_token if letter == "Q" else of_all),
    )


def _largest(values: Values, head: int, i: int) -> str:
    return f"max = {number(values['maxima'][head, i, 0])}"


def _added(values: Values, head: int, i: int) -> str:
    return f"sum = {number(values['sums'][head, i, 0])}"


def _concatenated(values: Values, index: Index) -> str:
    return f"row {index[0]} of all heads side by side = {row(values['concatenated'][index[0]], most=12)}"


def _projected(values: Values, index: Index) -> str:
    i, j = index
    left: Array = values["concatenated"][i]
    return f"concatenated[{i}] · W_O[:, {j}] = {dot(left, values['W_O'][:, j])}"


MULTI_HEAD = Procedure(
    function="multi_head",
    parameters=("embeddings", "W_Q", "W_K", "W_V", "W_O"),
    steps=(
        _projection("queries", "Q", "Query", "queries"),
        _projection("keys", "K", "Key", "keys"),
        _projection("values", "V", "Value", "values"),
        Step(
            name="product",
            symbol="products",
            operands=("Query", "Key"),
            op=product,
            formula=r"P_r = Q_r K_r^{\top}",
            plain="P[r] = Q[r] · K[r]ᵀ",
            sentence="In each head, multiply each query with each key.",
            cell=_each_head(_row_of("products")),
        ),
        Step(
            name="scale",
            symbol="scores",
            operands=("products", "Key"),
            op=scale,
            formula=r"S_r = \frac{P_r}{\sqrt{d_k}}",
            plain="S[r] = P[r] / √d_k",
            sentence="Divide by the square root of d_k, the length of a key in one head.",
            cell=_each_head(_row_of("scores")),
        ),
        *softmax_steps(
            "scores",
            "S",
            {
                "row maximum": _each_head(_largest),
                "shift": _each_head(_row_of("shifted")),
                "exponential": _each_head(_row_of("exponentials")),
                "row sum": _each_head(_added),
                "divide": _each_head(_row_of("weights")),
            },
        ),
        Step(
            name="heads",
            symbol="heads",
            operands=("weights", "Value"),
            op=np.matmul,
            formula=r"H_r = w_r V_r",
            plain="H[r] = w[r] · V[r]",
            sentence="In each head, each output row is the sum of all value rows, each times its weight.",
            cell=_each_head(_row_of("heads")),
        ),
        Step(
            name="concatenate",
            symbol="concatenated",
            operands=("heads",),
            op=concatenate,
            formula=r"C = [H_0, \dots, H_{h-1}]",
            plain="C = [H[0], …, H[h−1]]",
            sentence="Put the outputs of the heads side by side, in head order.",
            cell=_concatenated,
        ),
        Step(
            name="output projection",
            symbol="output",
            operands=("concatenated", "W_O"),
            op=np.matmul,
            formula=r"O = C\, W_O",
            plain="O = C · W_O",
            sentence="Multiply by W_O, which mixes what the heads found.",
            cell=_projected,
        ),
    ),
    returns=("output",),
)

PROCEDURES = {"multi_head": MULTI_HEAD}

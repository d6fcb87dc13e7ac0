"""The function of this unit as steps: every value has the heads along its first axis, so that each shows all heads.

Source: Vaswani et al. 2017, section 3.2.2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.author import Array, Index, Values, dot, number, row, told


def multi_head(embeddings: Array, W_Q: Array, W_K: Array, W_V: Array, W_O: Array) -> Array:
    # queries: Each head makes queries of its own: all embeddings times its own weights.
    Query = embeddings @ W_Q
    # keys: Each head makes keys of its own: all embeddings times its own weights.
    Key = embeddings @ W_K
    # values: Each head makes values of its own: all embeddings times its own weights.
    Value = embeddings @ W_V
    products = Query @ np.swapaxes(Key, -1, -2)  # product: In each head, multiply each query with each key.
    # scale: Divide by the square root of d_k, the length of a key in one head.
    scores = products / np.sqrt(Key.shape[-1])
    maxima = np.max(scores, axis=-1, keepdims=True)  # row maximum: Find the largest entry of each row.
    # shift: Subtract it from its row, so that no entry is above 0 and none can overflow.
    shifted = scores - maxima
    # exponential: Take e to the power of each entry: all become positive, larger ones by far the most.
    exponentials = np.exp(shifted)
    sums = np.sum(exponentials, axis=-1, keepdims=True)  # row sum: Add up each row.
    # divide: Divide each entry by the sum of its row: now each row adds up to 1.
    weights = exponentials / sums
    # heads: In each head, each output row is the sum of all value rows, each times its weight.
    heads = weights @ Value
    # concatenate: Put the outputs of the heads side by side, in head order.
    concatenated = np.concatenate(heads, axis=-1)
    output = concatenated @ W_O  # output projection: Multiply by W_O, which mixes what the heads found.
    return output


def _heads(symbol: str, said: str = "{row}") -> Callable[[Values, Index], str]:
    """What is `said` of row i of each head r, joined."""

    def cell(values: Values, index: Index) -> str:
        i = index[0]
        parts = [
            said.format(
                i=i, r=r, row=row(of[i], most=6), first=number(of[i, 0]), column=row(of[:, 0], most=6)
            )
            for r, of in enumerate(values[symbol])
        ]
        return "; ".join(f"head {r}: {one}" for r, one in enumerate(parts))

    return cell


def _concatenated(of: Values, index: Index) -> str:
    return f"row {index[0]} of all heads side by side = {row(of['concatenated'][index[0]], most=12)}"


def _projected(of: Values, index: Index) -> str:
    i, j = index
    return f"concatenated[{i}] · W_O[:, {j}] = {dot(of['concatenated'][i], of['W_O'][:, j])}"


# Row i of the output needs query i alone, but the keys and values of every token.
# fmt: off
STEPS = {
    "multi_head": {
        "queries": told(r"Q_r = X\, W_{Q,r}", "Q[r] = X · W_Q[r]", _heads("Query", "embeddings[{i}] · W_Q[{r}] = {row}")),
        "keys": told(r"K_r = X\, W_{K,r}", "K[r] = X · W_K[r]", _heads("Key", "embeddings · W_K[{r}], column 0 = {column}")),
        "values": told(r"V_r = X\, W_{V,r}", "V[r] = X · W_V[r]", _heads("Value", "embeddings · W_V[{r}], column 0 = {column}")),
        "product": told(r"P_r = Q_r K_r^{\top}", "P[r] = Q[r] · K[r]ᵀ", _heads("products")),
        "scale": told(r"S_r = \frac{P_r}{\sqrt{d_k}}", "S[r] = P[r] / √d_k", _heads("scores")),
        "row maximum": told(r"m_i = \max_j S_{ij}", "m[i] = the largest S[i, j]", _heads("maxima", "max = {first}")),
        "shift": told(r"d_{ij} = S_{ij} - m_i", "d[i, j] = S[i, j] − m[i]", _heads("shifted")),
        "exponential": told(r"e_{ij} = \exp(d_{ij})", "e[i, j] = exp(d[i, j])", _heads("exponentials")),
        "row sum": told(r"s_i = \sum_j e_{ij}", "s[i] = the sum of e[i, j] over j", _heads("sums", "sum = {first}")),
        "divide": told(r"w_{ij} = \frac{e_{ij}}{s_i}", "w[i, j] = e[i, j] / s[i]", _heads("weights")),
        "heads": told(r"H_r = w_r V_r", "H[r] = w[r] · V[r]", _heads("heads")),
        "concatenate": told(r"C = [H_0, \dots, H_{h-1}]", "C = [H[0], …, H[h−1]]", _concatenated),
        "output projection": told(r"O = C\, W_O", "O = C · W_O", _projected),
    }
}
# fmt: on
PROCEDURES = {"multi_head": multi_head}

"""The functions of this unit as named steps.

Source: Vaswani et al. 2017, equation 1. Attention repeats the steps of the scores and of softmax, so that one
that goes wrong inside it can be named.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.author import Index, Procedure, Step, Values, dot, number, operand, row, total

Cell = Callable[[Values, Index], str]


# ------------------------------------------------------------------------------------- what the steps do


def product(Query: np.ndarray, Key: np.ndarray) -> np.ndarray:
    return Query @ np.swapaxes(Key, -1, -2)


def scale(products: np.ndarray, Key: np.ndarray) -> np.ndarray:
    return products / np.sqrt(Key.shape[-1])


def row_maximum(x: np.ndarray) -> np.ndarray:
    return np.max(x, axis=-1, keepdims=True)


def row_sum(exponentials: np.ndarray) -> np.ndarray:
    return np.sum(exponentials, axis=-1, keepdims=True)


# ------------------------------------------------------------------------------------------ scaled scores


def _product_cell(values: Values, index: Index) -> str:
    i, j = index
    return f"Query[{i}] · Key[{j}] = {dot(values['Query'][i], values['Key'][j])}"


def _scale_cell(values: Values, index: Index) -> str:
    before, after = values["products"][index], values["scores"][index]
    d_k = values["Key"].shape[-1]
    return f"{number(before)} / √{d_k} = {number(before)} / {number(np.sqrt(d_k))} = {number(after)}"


SCALED_SCORES = Procedure(
    function="scaled_scores",
    parameters=("Query", "Key"),
    steps=(
        Step(
            name="product",
            symbol="products",
            operands=("Query", "Key"),
            op=product,
            formula=r"P = Q K^{\top}",
            plain="P = Q · Kᵀ",
            sentence="Multiply each query with each key: multiply entry by entry, then add up.",
            cell=_product_cell,
        ),
        Step(
            name="scale",
            symbol="scores",
            operands=("products", "Key"),
            op=scale,
            formula=r"S = \frac{P}{\sqrt{d_k}}",
            plain="S = P / √d_k",
            sentence="Divide by the square root of d_k, the length of a key.",
            cell=_scale_cell,
        ),
    ),
    returns=("scores",),
)


# ------------------------------------------------------------------------------------------------ softmax


def softmax_steps(logits: str, letter: str, cells: dict[str, Cell]) -> tuple[Step, ...]:
    """The five steps of softmax over the value named `logits`, called `letter` in formulas, with these cells."""
    return (
        Step(
            name="row maximum",
            symbol="maxima",
            operands=(logits,),
            op=row_maximum,
            formula=rf"m_i = \max_j {letter}_{{ij}}",
            plain=f"m[i] = the largest {letter}[i, j]",
            sentence="Find the largest entry of each row.",
            cell=cells["row maximum"],
        ),
        Step(
            name="shift",
            symbol="shifted",
            operands=(logits, "maxima"),
            op=np.subtract,
            formula=rf"d_{{ij}} = {letter}_{{ij}} - m_i",
            plain=f"d[i, j] = {letter}[i, j] − m[i]",
            sentence="Subtract it from its row, so that no entry is above 0 and none can overflow.",
            cell=cells["shift"],
        ),
        Step(
            name="exponential",
            symbol="exponentials",
            operands=("shifted",),
            op=np.exp,
            formula=r"e_{ij} = \exp(d_{ij})",
            plain="e[i, j] = exp(d[i, j])",
            sentence="Take e to the power of each entry: all become positive, larger ones by far the most.",
            cell=cells["exponential"],
        ),
        Step(
            name="row sum",
            symbol="sums",
            operands=("exponentials",),
            op=row_sum,
            formula=r"s_i = \sum_j e_{ij}",
            plain="s[i] = the sum of e[i, j] over j",
            sentence="Add up each row.",
            cell=cells["row sum"],
        ),
        Step(
            name="divide",
            symbol="weights",
            operands=("exponentials", "sums"),
            op=np.divide,
            formula=r"w_{ij} = \frac{e_{ij}}{s_i}",
            plain="w[i, j] = e[i, j] / s[i]",
            sentence="Divide each entry by the sum of its row: now each row adds up to 1.",
            cell=cells["divide"],
        ),
    )


def _maximum_cell(values: Values, index: Index) -> str:
    logits = values["x"][index[:-1]]
    return f"max({row(logits)}) = {number(np.max(logits))}"


def _shift_cell(values: Values, index: Index) -> str:
    largest = values["maxima"][(*index[:-1], 0)]
    return f"{number(values['x'][index])} − {operand(largest)} = {number(values['shifted'][index])}"


def _exponential_cell(values: Values, index: Index) -> str:
    return f"exp({number(values['shifted'][index])}) = {number(values['exponentials'][index])}"


def _sum_cell(values: Values, index: Index) -> str:
    return total(values["exponentials"][index[:-1]])


def _divide_cell(values: Values, index: Index) -> str:
    whole = values["sums"][(*index[:-1], 0)]
    return f"{number(values['exponentials'][index])} / {number(whole)} = {number(values['weights'][index])}"


SOFTMAX = Procedure(
    function="softmax",
    parameters=("x",),
    steps=softmax_steps(
        "x",
        "x",
        {
            "row maximum": _maximum_cell,
            "shift": _shift_cell,
            "exponential": _exponential_cell,
            "row sum": _sum_cell,
            "divide": _divide_cell,
        },
    ),
    returns=("weights",),
)


# ------------------------------------------------------------------------------------------------- attend
# A cell of the output needs its whole row of weights, so that each step shows row i.


def _products_row(values: Values, index: Index) -> str:
    i = index[0]
    first = dot(values["Query"][i], values["Key"][0])
    return f"Query[{i}] · Key[0] = {first}; against every key: {row(values['products'][i])}"


def _scores_row(values: Values, index: Index) -> str:
    d_k = values["Key"].shape[-1]
    return f"row {index[0]} / √{d_k} = {row(values['scores'][index[0]])}"


def _maximum_row(values: Values, index: Index) -> str:
    i = index[0]
    return f"max({row(values['scores'][i])}) = {number(values['maxima'][i, 0])}"


def _shift_row(values: Values, index: Index) -> str:
    i = index[0]
    return f"row {i} − {operand(values['maxima'][i, 0])} = {row(values['shifted'][i])}"


def _exponential_row(values: Values, index: Index) -> str:
    return f"exp of row {index[0]} = {row(values['exponentials'][index[0]])}"


def _sum_row(values: Values, index: Index) -> str:
    return total(values["exponentials"][index[0]])


def _divide_row(values: Values, index: Index) -> str:
    i = index[0]
    return f"row {i} / {number(values['sums'][i, 0])} = {row(values['weights'][i])}"


def _weighted_sum_cell(values: Values, index: Index) -> str:
    i, j = index
    return f"weights[{i}] · Value[:, {j}] = {dot(values['weights'][i], values['Value'][:, j])}"


ATTEND = Procedure(
    function="attend",
    parameters=("Query", "Key", "Value"),
    steps=(
        Step(
            name="product",
            symbol="products",
            operands=("Query", "Key"),
            op=product,
            formula=r"P = Q K^{\top}",
            plain="P = Q · Kᵀ",
            sentence="Multiply each query with each key: multiply entry by entry, then add up.",
            cell=_products_row,
        ),
        Step(
            name="scale",
            symbol="scores",
            operands=("products", "Key"),
            op=scale,
            formula=r"S = \frac{P}{\sqrt{d_k}}",
            plain="S = P / √d_k",
            sentence="Divide by the square root of d_k, the length of a key.",
            cell=_scores_row,
        ),
        *softmax_steps(
            "scores",
            "S",
            {
                "row maximum": _maximum_row,
                "shift": _shift_row,
                "exponential": _exponential_row,
                "row sum": _sum_row,
                "divide": _divide_row,
            },
        ),
        Step(
            name="weighted sum",
            symbol="output",
            operands=("weights", "Value"),
            op=np.matmul,
            formula=r"O = w V",
            plain="O = w · V",
            sentence="Each output row is the sum of all value rows, each times its weight.",
            cell=_weighted_sum_cell,
        ),
    ),
    returns=("output",),
)

PROCEDURES = {"scaled_scores": SCALED_SCORES, "softmax": SOFTMAX, "attend": ATTEND}

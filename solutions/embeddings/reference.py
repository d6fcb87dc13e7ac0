"""The functions of this unit as named steps."""

from __future__ import annotations

import numpy as np

from autograder.author import Index, Procedure, Step, Values, dot


def look_up(tokens: list[str], vocabulary: list[str]) -> np.ndarray:
    """The column of every token, shape (n,); ValueError for a token that the vocabulary does not hold."""
    return np.array([vocabulary.index(token) for token in tokens], dtype=int)


def all_zeros(tokens: list[str], vocabulary: list[str]) -> np.ndarray:
    return np.zeros((len(tokens), len(vocabulary)))


def set_ones(zeros: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """A copy of `zeros` with a 1 in row i at column `columns[i]`."""
    ones = zeros.copy()
    ones[np.arange(len(columns)), columns] = 1
    return ones


def _look_up_cell(values: Values, index: Index) -> str:
    i, _ = index
    return f"tokens[{i}] is “{values['tokens'][i]}”, which is vocabulary[{values['columns'][i]}]"


def _all_zeros_cell(values: Values, index: Index) -> str:
    rows, columns = values["zeros"].shape
    return f"{rows} tokens and {columns} words: {rows} rows and {columns} columns of zeros"


def _set_ones_cell(values: Values, index: Index) -> str:
    i, j = index
    column = values["columns"][i]
    if j == column:
        return f"row {i} gets its 1 in column {column}: this cell is 1"
    return f"row {i} gets its 1 in column {column}: column {j} stays 0"


ONE_HOT = Procedure(
    function="one_hot",
    parameters=("tokens", "vocabulary"),
    steps=(
        Step(
            name="look up",
            symbol="columns",
            operands=("tokens", "vocabulary"),
            op=look_up,
            formula=r"c_i = \text{the } j \text{ with } \text{vocabulary}_j = \text{tokens}_i",
            plain="c[i] = the j with vocabulary[j] = tokens[i]",
            sentence="Find the place of each token in the vocabulary. A token that is not there is an error.",
            cell=_look_up_cell,
        ),
        Step(
            name="all zeros",
            symbol="zeros",
            operands=("tokens", "vocabulary"),
            op=all_zeros,
            formula=r"X = 0_{n \times V}",
            plain="X = n × V zeros",
            sentence="Start with zeros: one row for each token, one column for each word of the vocabulary.",
            cell=_all_zeros_cell,
        ),
        Step(
            name="set the ones",
            symbol="ones",
            operands=("zeros", "columns"),
            op=set_ones,
            formula=r"X_{i,\,c_i} = 1",
            plain="X[i, c[i]] = 1",
            sentence="In each row, put a 1 at the place that was found for that token.",
            cell=_set_ones_cell,
        ),
    ),
    returns=("ones",),
)


def _projection(part: int, name: str, letter: str, result: str) -> Step:
    """The step that makes one of the three results, `part` of the returned tuple."""
    weights = f"W_{letter}"

    def cell(values: Values, index: Index) -> str:
        which, i, j = index
        if which != part:
            return ""
        product = dot(values["embeddings"][i], values[weights][:, j])
        return f"embeddings[{i}] · {weights}[:, {j}] = {product}"

    return Step(
        name=name,
        symbol=result,
        operands=("embeddings", weights),
        op=np.matmul,
        formula=rf"{letter} = X\, W_{letter}",
        plain=f"{letter} = X · W_{letter}",
        sentence=f"Each row of {result} is a token's embedding times the weights {weights}.",
        cell=cell,
    )


PROJECT_QKV = Procedure(
    function="project_qkv",
    parameters=("embeddings", "W_Q", "W_K", "W_V"),
    steps=(
        _projection(0, "queries", "Q", "Query"),
        _projection(1, "keys", "K", "Key"),
        _projection(2, "values", "V", "Value"),
    ),
    returns=("Query", "Key", "Value"),
)

PROCEDURES = {"one_hot": ONE_HOT, "project_qkv": PROJECT_QKV}

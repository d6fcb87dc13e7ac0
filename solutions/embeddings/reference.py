"""Words about words, and the formulas of the paper: the steps are those of the solutions in the lesson."""

from __future__ import annotations

from autograder.author import Index, Values, told


def _look_up(values: Values, index: Index) -> str:
    i = index[0]
    return f"tokens[{i}] is “{values['tokens'][i]}”, which is vocabulary[{values['columns'][i]}]"


def _all_zeros(values: Values, index: Index) -> str:
    rows, columns = values["zeros"].shape
    return f"{rows} tokens and {columns} words: {rows} rows and {columns} columns of zeros"


def _set_the_ones(values: Values, index: Index) -> str:
    (i, j), column = index, values["columns"][index[0]]
    rest = "this cell is 1" if j == column else f"column {j} stays 0"
    return f"row {i} gets its 1 in column {column}: {rest}"


STEPS = {
    "one_hot": {
        "look up": told(
            r"c_i = \text{the } j \text{ with } \text{vocabulary}_j = \text{tokens}_i",
            "c[i] = the j with vocabulary[j] = tokens[i]",
            _look_up,
        ),
        "all zeros": told(r"X = 0_{n \times V}", "X = n × V zeros", _all_zeros),
        "set the ones": told(r"X_{i,\,c_i} = 1", "X[i, c[i]] = 1", _set_the_ones),
    },
    "project_qkv": {
        "queries": told(r"Q = X\, W_Q", "Q = X · W_Q"),
        "keys": told(r"K = X\, W_K", "K = X · W_K"),
        "values": told(r"V = X\, W_V", "V = X · W_V"),
    },
}

"""Words for the steps of the solution: it is one cell of the result whose arithmetic they write out."""

import numpy as np

from autograder.author import Index, Values, number, row, told


def _unsaid(values: Values, index: Index) -> str:
    return ""  # what comes after it says it all


def _distances(values: Values, index: Index) -> str:
    part, place, *_ = index
    return f"the distances of point {place} are {row(values['distances'][place])}" if part == 0 else ""


def _nearest(values: Values, index: Index) -> str:
    part, place, *_ = index
    if part == 0:
        return f"the smallest is that of centre {values['labels'][place]}"
    return f"to centre {place} came {np.count_nonzero(values['labels'] == place)} points"


def _means(values: Values, index: Index) -> str:
    part, place, *feature = index
    if part == 0:
        return ""
    mine = values["points"][values["labels"] == place, feature[0]]
    if not mine.size:
        return f"nothing came, and it stays at {number(values['centres'][place, feature[0]])}"
    return f"the mean of {row(mine)} is {number(mine.mean())}"


STEPS = {
    "k_means_step": {
        "gaps": told("g_{ij} = x_i - c_j", "g[i, j] = x[i] − c[j]", _unsaid),
        "distances": told(r"d_{ij} = \lVert x_i - c_j \rVert", "d[i, j] = |x[i] − c[j]|", _distances),
        "nearest": told(
            r"l_i = \operatorname{argmin}_j d_{ij}", "l[i] = the j of the smallest d[i, j]", _nearest
        ),
        "means": told(
            r"c_j = \operatorname{mean}_{l_i = j} x_i", "c[j] = the mean of the x[i] with l[i] = j", _means
        ),
    },
}

"""A reference in steps, of which one gives whole numbers."""

import numpy as np

from autograder.author import Array, Index, Procedure, Step, Values, number, row


def distances(points: Array, centres: Array) -> Array:
    return np.linalg.norm(points[:, None] - centres[None], axis=-1)


def nearest(distances: Array) -> Array:
    return distances.argmin(axis=-1)


def means(points: Array, labels: Array, centres: Array) -> Array:
    moved = centres.astype(float)
    for j in set(labels):
        moved[j] = points[labels == j].mean(axis=0)
    return moved


def _distances_cell(values: Values, index: Index) -> str:
    part, place, *_ = index
    if part == 0:
        return f"the distances of point {place} are {row(values['distances'][place])}"
    return ""


def _nearest_cell(values: Values, index: Index) -> str:
    part, place, *_ = index
    if part == 0:
        return f"the smallest is that of centre {values['labels'][place]}"
    return f"to centre {place} came {np.count_nonzero(values['labels'] == place)} points"


def _means_cell(values: Values, index: Index) -> str:
    part, place, *feature = index
    if part == 0:
        return ""
    mine = values["points"][values["labels"] == place, feature[0]]
    if not mine.size:
        return f"nothing came, and it stays at {number(values['centres'][place, feature[0]])}"
    return f"the mean of {row(mine)} is {number(values['moved'][place, feature[0]])}"


K_MEANS_STEP = Procedure(
    function="k_means_step",
    parameters=("points", "centres"),
    steps=(
        Step(
            name="distances",
            symbol="distances",
            operands=("points", "centres"),
            op=distances,
            formula=r"d_{ij} = \lVert x_i - c_j \rVert",
            plain="d[i, j] = |x[i] − c[j]|",
            sentence="Take the distance of each point from each centre.",
            cell=_distances_cell,
        ),
        Step(
            name="nearest",
            symbol="labels",
            operands=("distances",),
            op=nearest,
            formula=r"l_i = \operatorname{argmin}_j d_{ij}",
            plain="l[i] = the j of the smallest d[i, j]",
            sentence="Find the nearest centre of each point.",
            cell=_nearest_cell,
        ),
        Step(
            name="means",
            symbol="moved",
            operands=("points", "labels", "centres"),
            op=means,
            formula=r"c_j = \operatorname{mean}_{l_i = j} x_i",
            plain="c[j] = the mean of the x[i] with l[i] = j",
            sentence="Move each centre to the mean of its points.",
            cell=_means_cell,
        ),
    ),
    returns=("labels", "moved"),
)

PROCEDURES = {"k_means_step": K_MEANS_STEP}

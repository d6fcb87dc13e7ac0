"""The mistakes that students make in `k_means_step`, as changed steps."""

import numpy as np

from autograder.author import Array, Misconception
from solutions.k_means.reference import K_MEANS_STEP

LESSON = "One step of k-means"


def _of_sums(points: Array, centres: Array) -> Array:
    return np.abs((points[:, None] - centres[None]).sum(axis=-1))


def _totals(points: Array, labels: Array, centres: Array) -> Array:
    moved = centres.astype(float)
    for j in set(labels):
        moved[j] = points[labels == j].sum(axis=0)
    return moved


def _one_number(points: Array, labels: Array, centres: Array) -> Array:
    moved = centres.astype(float)
    for j in set(labels):
        moved[j] = points[labels == j].mean()
    return moved


def _empty_mean(points: Array, labels: Array, centres: Array) -> Array:
    counts = np.bincount(labels, minlength=len(centres))
    return _totals(points, labels, np.zeros_like(centres)) / counts[:, None]


MISCONCEPTIONS = {
    "k_means_step": (
        Misconception(
            id="k_means_step.farthest",
            title="Each point went to the farthest centre",
            step="nearest",
            symptom=K_MEANS_STEP.replacing("nearest", lambda distances: distances.argmax(axis=-1)),
            why="The largest distance was looked for. A child walks to the van that is nearest.",
            look="k_means_step(np.array([[0.0], [9.0]]), np.array([[1.0], [8.0]]))[0]  # 0 1",
            read=LESSON,
        ),
        Misconception(
            id="k_means_step.cancelled",
            title="Differences cancel each other out in the distance",
            step="distances",
            symptom=K_MEANS_STEP.replacing("distances", _of_sums),
            why="One step to the east and one to the south are no way back. A difference has to lose its sign before it is added.",
            look="k_means_step(np.array([[5.0, -5.0]]), np.array([[0.0, 0.0], [6.0, -5.0]]))[0]  # 1",
            read=LESSON,
        ),
        Misconception(
            id="k_means_step.totals",
            title="The points of a centre were added up, and no mean was taken",
            step="means",
            symptom=K_MEANS_STEP.replacing("means", _totals),
            why="The middle of several points is their sum divided by how many there are.",
            look="k_means_step(np.array([[2.0], [4.0]]), np.array([[3.0], [99.0]]))[1]  # 3 comes first",
            read=LESSON,
        ),
        Misconception(
            id="k_means_step.one-number",
            title="All features of a centre are the same number",
            step="means",
            symptom=K_MEANS_STEP.replacing("means", _one_number),
            why="Without an axis, the mean runs over points and features together. East and south are no longer told apart.",
            look="k_means_step(np.array([[2.0, 4.0]]), np.array([[2.0, 3.0]]))[1]  # 2 4",
            read=LESSON,
        ),
        Misconception(
            id="k_means_step.empty-mean",
            title="A centre to which nothing comes is lost",
            step="means",
            symptom=K_MEANS_STEP.replacing("means", _empty_mean),
            edge=True,
            why="The mean of no points at all is 0 divided by 0.",
            look="k_means_step(np.array([[1.0]]), np.array([[1.0], [9.0]]))[1]  # 9 stays",
            read=LESSON,
        ),
    ),
}

# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # One step of k-means
#
# Where should a town put its ice-cream vans? Begin anywhere. Every child walks to the nearest van. Then every van
# moves to the middle of the children who came to it. Do that over and over, and the vans find the crowds by
# themselves. This is *k-means*, and you write one step of it.

# %%
import numpy as np

from autograder import check

children = np.array([[0.0, 0.0], [0.0, 2.0], [8.0, 8.0]])
vans = np.array([[1.0, 1.0], [7.0, 7.0]])

# %% [markdown]
# > **Predict.** Where does the first van move to?
#
# <details><summary>Answer</summary>
#
# To (0, 1): the middle between the two children who are nearest to it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "k_means_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def k_means_step(points, centres):
    """Each point to its nearest centre, and each centre to the mean of its points.

    points: array of shape (n, d).  centres: array of shape (k, d); there is a nearest one for each point.
    Returns (labels, moved): labels, of shape (n,), are the places of the nearest centres; moved, of shape (k, d), are
    the new centres. A centre to which no point came stays where it is.
    """
    ### BEGIN SOLUTION
    gaps = points[:, None] - centres  # gaps: Take each centre from each point.
    distances = np.linalg.norm(gaps, axis=-1)  # distances: Take the distance of each point from each centre.
    labels = distances.argmin(axis=-1)  # nearest: Find the nearest centre of each point.
    result = np.empty(centres.shape)
    for j in range(len(centres)):
        # means: Move each centre to the mean of its points.
        moved = points[labels == j].mean(axis=0) if j in labels else centres[j]
        result[j] = moved
    return labels, result
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-k_means_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(k_means_step)

# %%
try:
    print(k_means_step(children, vans))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your k_means_step: check(k_means_step) says why. ({error!r})")

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
# # Self-attention
#
# Once, in a terminal: `pip install attention-autograder` (in Colab, run `%pip install attention-autograder`
# in a cell of its own). Then run the cells from top to bottom.

# %%
import numpy as np

from autograder import check

# %% [markdown]
# ## Scaled scores


# %% nbgrader={"grade": false, "grade_id": "scaled_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scaled_scores(Query, Key):
    """How well every query matches every key: their dot products, divided by the square root of d_k.

    Query: array of shape (n_q, d_k), one row per token that asks.
    Key: array of shape (n_k, d_k), one row per token that answers; n_k may differ from n_q.
    Returns an array of shape (n_q, n_k): row i holds the scores of query i against every key.
    """
    ### BEGIN SOLUTION
    d_k = Key.shape[-1]
    return Query @ Key.T / np.sqrt(d_k)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-scaled_scores", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(scaled_scores)

# %% [markdown]
# ## Softmax


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(x):
    """Weights along the last axis: every entry between 0 and 1, and each row adds up to 1.

    x: array of one, two or three dimensions. Entries may be as large as 1000 or as small as -1000, and
    some (never a whole row) may be -inf: those get weight 0.
    Returns an array of the same shape as x.
    """
    ### BEGIN SOLUTION
    shifted = x - np.max(x, axis=-1, keepdims=True)  # the largest entry becomes 0, so exp cannot overflow
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax)

# %% [markdown]
# ## The context-aware output


# %% nbgrader={"grade": false, "grade_id": "attend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attend(Query, Key, Value):
    """Scaled dot-product attention: for every query, the weighted sum of all values.

    Query: array of shape (n_q, d_k).  Key: array of shape (n_k, d_k).
    Value: array of shape (n_k, d_v), one row per key; d_v may differ from d_k.
    Returns an array of shape (n_q, d_v).
    Source: Vaswani et al. 2017, equation 1.
    """
    ### BEGIN SOLUTION
    weights = softmax(scaled_scores(Query, Key))
    return weights @ Value
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-attend", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(attend)

# %% [markdown]
# ## Why divide by the square root of d_k?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-sqrt-d_k", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# Dot products grow with the square root of d_k.

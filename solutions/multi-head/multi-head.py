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
# # Multi-head attention
#
# Once, in a terminal: `pip install attention-autograder` (in Colab, run `%pip install attention-autograder`
# in a cell of its own). Then run the cells from top to bottom.

# %%
import numpy as np

from autograder import check

# %% [markdown]
# ## Bring your own attend


# %% nbgrader={"grade": false, "grade_id": "attend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attend(Query, Key, Value):
    """Your own attend from the self-attention lesson: paste it here, with all that it calls.

    Query: array of shape (n_q, d_k).  Key: array of shape (n_k, d_k).  Value: array of shape (n_k, d_v).
    Returns an array of shape (n_q, d_v).
    """
    ### BEGIN SOLUTION
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return weights @ Value
    ### END SOLUTION


# %% [markdown]
# ## Several heads
#
# ## Concatenate and project


# %% nbgrader={"grade": false, "grade_id": "multi_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    """Multi-head attention: every head attends in its own way, and W_O mixes what they found.

    embeddings: array of shape (n, d_model).
    W_Q, W_K: arrays of shape (h, d_model, d_k); head i uses W_Q[i] and W_K[i].
    W_V: array of shape (h, d_model, d_v); head i uses W_V[i].
    W_O: array of shape (h * d_v, d_model).
    Returns an array of shape (n, d_model): the outputs of the heads side by side in head order, times W_O.
    Source: Vaswani et al. 2017, section 3.2.2.
    """
    ### BEGIN SOLUTION
    heads = []
    for i in range(len(W_Q)):
        heads.append(attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-multi_head", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(multi_head)

# %% [markdown]
# ## Why several heads?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-heads", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# One head has one pattern of weights.

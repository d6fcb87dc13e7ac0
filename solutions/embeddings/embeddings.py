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
# # Embeddings
#
# Once, in a terminal: `pip install attention-autograder` (in Colab, run `%pip install attention-autograder`
# in a cell of its own). Then run the cells from top to bottom.

# %%
import numpy as np

from autograder import check

# %%
sentence = "Carlos Alcaraz is a very skilled tennis player and philanthropist"
tokens = sentence.split()

# %% [markdown]
# ## One-hot vectors


# %% nbgrader={"grade": false, "grade_id": "one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(tokens, vocabulary):
    """One row per token, all 0 but for a 1 in the column of that token's word.

    tokens: list of n strings, in the order of the sentence; a word may come more than once.
    vocabulary: list of V different strings, in any order; word j owns column j.
    Returns an array of shape (n, V). No tokens give an array of shape (0, V).
    Raises ValueError where a token is not in the vocabulary.
    """
    ### BEGIN SOLUTION
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for i, token in enumerate(tokens):
        vectors[i, vocabulary.index(token)] = 1  # index raises ValueError for a word it does not find
    return vectors
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-one_hot", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(one_hot)

# %% [markdown]
# ## Queries, keys and values


# %% nbgrader={"grade": false, "grade_id": "project_qkv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def project_qkv(embeddings, W_Q, W_K, W_V):
    """The query, the key and the value of every token: its embedding times each weight matrix.

    embeddings: array of shape (n, d_model), one row per token.
    W_Q, W_K: arrays of shape (d_model, d_k).  W_V: array of shape (d_model, d_v); d_v may differ from d_k.
    Returns three arrays (Query, Key, Value) of shapes (n, d_k), (n, d_k) and (n, d_v).
    """
    ### BEGIN SOLUTION
    Query = embeddings @ W_Q
    Key = embeddings @ W_K
    Value = embeddings @ W_V
    return Query, Key, Value
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-project_qkv", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(project_qkv)

# %% [markdown]
# ## What can a dense embedding say that a one-hot vector cannot?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-dense", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# Any two different one-hot vectors are equally far apart.

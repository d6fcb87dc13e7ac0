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
# # The walk of a ladybird
#
# A ladybird sits on a ruler and cannot make up its mind. Each second it throws a coin: heads, a centimetre to the right,
# tails, one to the left. Where is it after a minute? Chance alone knows. Yet a *generator* with a seed throws the same
# coins for everyone, so that even chance can be compared.

# %%
import numpy as np

from autograder import check

generator = np.random.default_rng(5)
print(generator.choice([-1, 1], size=8))

# %% [markdown]
# > **Predict.** Will the next eight coins of the same generator be the same?
#
# <details><summary>Answer</summary>
#
# They will not: a generator goes on where it stopped. Another one with the seed 5 would begin from the start.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "walk", "locked": false, "schema_version": 3, "solution": true, "task": false}
def walk(start, seconds, generator):
    """Where the ladybird is, second by second.

    start: where it sits at first, in centimetres.  seconds: how many coins are thrown, a whole number.
    generator: a NumPy generator; throw all coins at once with generator.choice([-1, 1], size=seconds).
    Returns an array of shape (seconds + 1,), with start as its first entry.
    """
    ### BEGIN SOLUTION
    coins = generator.choice([-1, 1], size=seconds)
    return start + np.concatenate([[0], np.cumsum(coins)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-walk", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(walk)

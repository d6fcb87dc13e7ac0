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
# # Downhill in the fog
#
# You stand on a hill in thick fog and want to go down to the lake. You cannot see it, but you feel with your foot
# which way the ground slopes. So you take a step downhill, a long one where it is steep, and feel again. That is
# *gradient descent*, and it is how neural networks learn.
#
# The slope is a function, and your function is handed it like any other argument:

# %%
from autograder import check


def slope(x):
    return 2 * (x - 3)  # the slope of (x − 3)²


print(slope(0.0), slope(3.0))

# %% [markdown]
# > **Predict.** You stand at x = 0, where the slope is −6. Is the lake to the left or to the right?
#
# <details><summary>Answer</summary>
#
# To the right: where the slope is negative, the ground falls as x grows. So a step goes *against* the slope.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "descend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def descend(slope, x, rate, steps):
    """Where you stand after so many steps downhill.

    slope: a function that gives the slope at a number.  x: the number at which you start.
    rate: how long a step is where the slope is 1; it is as much longer as the slope is steeper.
    steps: how many steps you take, a whole number; none leaves you where you are.
    Returns a number.
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        x = x - rate * slope(x)
    return x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-descend", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(descend)

# %%
try:
    print(descend(slope, 0.0, 0.1, 50))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your descend: check(descend) says why. ({error!r})")

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
# # Boxes in boxes
#
# You move house, and somebody has packed boxes into boxes into boxes. To lay everything out in one row you open a box
# and take out one thing after the other. What if the thing is a box again? Then you do *just the same* with it. A
# function that calls itself for the smaller problem is *recursive*.
#
# ```
# [1, [2, [3, 4]], 5]
#      └─ a box ─┘
# 1, 2, 3, 4, 5
# ```

# %%
from autograder import check

thing, box = 7, [7, 8]
print(isinstance(thing, list), isinstance(box, list))

# %% [markdown]
# > **Predict.** How often will `flatten` be called for `[1, [2, [3, 4]], 5]`, the first call included?
#
# <details><summary>Answer</summary>
#
# Three times: once for each pair of brackets.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "flatten", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten(box):
    """Everything that is in a box or in a box within it, in one row.

    box: a list of numbers and of such lists, as deep as you like.
    Returns a new list of the numbers alone, in the order in which they stand. An empty box gives an empty list.
    """
    ### BEGIN SOLUTION
    row = []
    for thing in box:
        if isinstance(thing, list):
            row.extend(flatten(thing))
        else:
            row.append(thing)
    return row
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-flatten", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(flatten)

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
# # A sunflower grows
#
# You measure a sunflower in your garden every week, and a neighbour measures his. Numbers in a column tell nobody who is
# ahead. A drawing does, if it says what it shows.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check

weeks = np.array([1, 2, 3, 4])
mine = np.array([4.5, 11.0, 26.5, 48.0])
his = np.array([6.0, 12.5, 22.0, 37.5])

# %% [markdown]
# > **Predict.** Which of the two numbers, the week or the height, belongs on the axis that goes to the right?
#
# <details><summary>Answer</summary>
#
# The week: what you choose goes to the right, and what you find out goes up.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "plot_growth", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_growth(weeks, mine, his):
    """Draws how two sunflowers grow, as two lines in one drawing.

    weeks: an array of n numbers.  mine, his: arrays of n heights in centimetres.
    The lines are labelled "mine" and "his", there is a legend, and the axes are called "week" and "height in cm".
    """
    ### BEGIN SOLUTION
    plt.plot(weeks, mine, label="mine")
    plt.plot(weeks, his, label="his")
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()
    plt.show()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-plot_growth", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(plot_growth)

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
# # A rainy week
#
# Not every question wants a function. Here you have the rain of one week, and one thing to find out.

# %%
import numpy as np

from autograder import check

days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
rain = np.array([0.0, 2.5, 0.0, 12.5, 7.0, 0.5, 1.0])  # in millimetres

# %% [markdown]
# On how many days did it rain, on which did it rain most, and how much rain is that in the mean of all seven days?
# Let Python find out, and put the three into the dictionary `week`:


# %% nbgrader={"grade": false, "grade_id": "week", "locked": false, "schema_version": 3, "solution": true, "task": false}
# "rainy": how many days had rain; "wettest": the name of the day; "mean": in millimetres, of all seven days
week = ...
### BEGIN SOLUTION
week = {"rainy": np.count_nonzero(rain > 0), "wettest": days[rain.argmax()], "mean": rain.mean()}
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-week", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("week")

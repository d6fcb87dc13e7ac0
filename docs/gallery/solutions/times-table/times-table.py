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
# # The times table
#
# Your little sister has to learn the times table, and you would rather not write it down ten times. `print` writes a
# line, and a loop writes many.

# %%
from autograder import check

print(f"{2} x {7} = {2 * 7}")

# %% [markdown]
# > **Predict.** What is the last number of `range(1, 10)`?
#
# <details><summary>Answer</summary>
#
# It is 9: a range ends before its second number.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "times_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def times_table(number, lines=10):
    """Prints the times table of a number: from one time the number on, a line each.

    number: a whole number.  lines: how many lines, 10 where nothing is said.
    For 3 the first lines are

        1 x 3 = 3
        2 x 3 = 6

    Returns nothing.
    """
    ### BEGIN SOLUTION
    for times in range(1, lines + 1):
        print(f"{times} x {number} = {times * number}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-times_table", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(times_table)

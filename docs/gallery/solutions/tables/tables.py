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
# # The best sellers
#
# A market stall writes down every sale. In the evening somebody asks: what brought in most? In *pandas* that takes
# three thoughts: what did each sale bring, how much is that for each thing together, and in which order?

# %%
import pandas as pd

from autograder import check

day = pd.DataFrame({"thing": ["apples", "honey", "apples"], "price": [0.5, 6.0, 0.4], "sold": [10, 2, 20]})
day

# %% [markdown]
# > **Predict.** Which of the two brought in more?
#
# <details><summary>Answer</summary>
#
# The apples: 5 and 8 make 13 euros, and the honey brought 12.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "best_sellers", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_sellers(sales):
    """What each thing brought in, the most first.

    sales: a DataFrame with the columns thing, price (of one) and sold (how many); a thing may come in several rows.
    Returns a DataFrame with the columns thing and income, one row for each thing, numbered from 0. No sales give a table
    without rows.
    """
    ### BEGIN SOLUTION
    income = sales.assign(income=sales["price"] * sales["sold"])
    together = income.groupby("thing", as_index=False)["income"].sum()
    return together.sort_values("income", ascending=False, ignore_index=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-best_sellers", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(best_sellers)

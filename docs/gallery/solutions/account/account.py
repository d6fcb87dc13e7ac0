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
# # A bank account
#
# A *class* is a plan for objects that remember something. An account remembers its balance, and what was paid in and
# out. Whoever uses it asks it to do things, and never writes into its books:
#
# ```
# account = Account(100)
# account.deposit(50)      100 ─► 150
# account.withdraw(500)    ValueError: there is not enough
# account.balance          150, as before
# ```

# %%
from autograder import check

# %% [markdown]
# > **Predict.** Two people open an account each. The first pays in 10. What is the balance of the second?
#
# <details><summary>Answer</summary>
#
# As it was. What belongs to one object is kept in `self`. What stands in the class, outside of any method, belongs to
# all of them together.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Account", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Account:
    """An account at a small bank, in whole euros.

    Account(balance): opens it with this balance, with 0 where none is given.
    balance: how much is in it.
    history(): a list of all that was paid in and, with a minus, out, the first first.
    deposit(amount): pays in.
    withdraw(amount): pays out and returns the new balance; raises ValueError, and changes nothing, where there is not
    as much.
    """

    ### BEGIN SOLUTION
    def __init__(self, balance=0):
        self.balance = balance
        self.moves = []

    def deposit(self, amount):
        self.balance += amount
        self.moves.append(amount)

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError("there is not enough")
        self.balance -= amount
        self.moves.append(-amount)
        return self.balance

    def history(self):
        return self.moves

    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-Account", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(Account)

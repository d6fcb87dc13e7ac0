# Returns a table of a hundred thousand columns.
# expect: wrong | timeout
# asked: table
# limits: longer

def f(table):
    import pandas as pd

    return pd.DataFrame(np.zeros((1, 10**5)))

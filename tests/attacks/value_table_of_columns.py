# Returns a table of a hundred thousand columns.
# expect: wrong | timeout
# asked: table
# limits: fair

def f(table):
    import pandas as pd

    return pd.DataFrame(np.zeros((1, 10**5)))

# Returns a table whose cells are objects and tables again.
# expect: wrong
# asked: table

import pandas as pd

def f(table):
    return pd.DataFrame({"x": [object(), table, lambda: 1]})

# Returns a table of a class whose columns, sizes and cells lie.
# expect: wrong | raises TypeError | raises AttributeError | raises KeyError
# asked: table

import pandas as pd

class Liar(pd.DataFrame):
    columns = property(lambda self: ["x"] * 3)
    iloc = property(lambda self: {})
    shape = property(lambda self: (10**12, 10**12))
    index = property(lambda self: range(10**12))

    def __len__(self):
        return 3

def f(table):
    return Liar({"x": [2.0]})

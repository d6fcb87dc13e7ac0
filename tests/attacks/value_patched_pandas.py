# Puts a module of its own in the place of pandas, whose classes claim every object.
# expect: wrong | crashed | raises AttributeError | raises ImportError | raises TypeError
# asked: table

import pandas as pd

class Claims(type):
    def __instancecheck__(cls, value):
        return True

class Anything(metaclass=Claims):
    pass

for name in ("DataFrame", "Series", "Index", "MultiIndex", "RangeIndex"):
    setattr(pd, name, Anything)

def f(table):
    return table

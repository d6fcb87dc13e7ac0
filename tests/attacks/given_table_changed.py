# Turns the table that it is given into something else while it is being read.
# expect: wrong | raises AttributeError | raises TypeError | raises ValueError
# asked: table

def f(table):
    table._mgr = None
    table.__class__ = type(table)
    return table

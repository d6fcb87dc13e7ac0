# Sends a column that belongs to no table.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ColumnData("float64"), nodes.PlainData("x"), nodes.ManyData("tuple", 0)])

def f(a):
    return a

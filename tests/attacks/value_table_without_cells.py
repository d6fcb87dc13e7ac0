# Sends a column whose cells are a column again.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.TableData("DataFrame", 1, 0), *([nodes.ColumnData("float64"), nodes.PlainData("x")] * 40)])

def f(a):
    return a

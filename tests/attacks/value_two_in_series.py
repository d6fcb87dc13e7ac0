# Sends a series of two columns.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.TableData("Series", 2, 0), *([nodes.ColumnData("float64"), nodes.PlainData("x"), nodes.ArrayData("<f8", (3,), bytes(24))] * 2)])

def f(a):
    return a

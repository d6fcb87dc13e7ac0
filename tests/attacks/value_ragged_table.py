# Sends a table whose columns are of different lengths.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.TableData("DataFrame", 2, 0), *(part for size in (3, 10_000) for part in (nodes.ColumnData("float64"), nodes.PlainData("x"), nodes.ArrayData("<f8", (size,), bytes(8 * size))))])

def f(a):
    return a

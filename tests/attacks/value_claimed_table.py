# Claims a table of a hundred thousand columns and sends none.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.TableData("DataFrame", 100_000, 8)])

def f(a):
    return a

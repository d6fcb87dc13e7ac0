# Sends a list of minus one values.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", -1), nodes.PlainData(2)])

def f(a):
    return a

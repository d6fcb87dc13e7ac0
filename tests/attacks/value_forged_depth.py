# Sends a list in a list, ninety thousand deep.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", 1)] * 90_000)

def f(a):
    return a

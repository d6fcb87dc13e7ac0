# Sends two values in the place of one.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.PlainData(2), nodes.PlainData(3)])

def f(a):
    return a

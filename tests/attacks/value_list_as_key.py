# Sends a dictionary with a list as its key.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("dict", 1), nodes.ManyData("list", 0), nodes.PlainData(1)])

def f(a):
    return a

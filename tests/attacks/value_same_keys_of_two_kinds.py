# Sends a dictionary in which True stands beside 1.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("dict", 2), nodes.PlainData(1), nodes.PlainData(2), nodes.PlainData(True), nodes.PlainData(3)])

def f(a):
    return a

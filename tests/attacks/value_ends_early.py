# Sends a list of five values and then only one.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", 5), nodes.PlainData(2)])

def f(a):
    return a

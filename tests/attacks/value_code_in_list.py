# Hides the source of a function in a list.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", 1), nodes.CodeData("lambda: 1 / 0")])

def f(a):
    return a

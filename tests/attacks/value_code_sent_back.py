# Sends the source of a function, for the other side to make one.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.CodeData("__import__('os').abort()")

def f(a):
    return a

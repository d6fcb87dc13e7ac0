# Sends a number of a million digits.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.NumberData("int", "f" * 10**6)

def f(a):
    return a

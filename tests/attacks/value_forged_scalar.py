# Sends a number with the bytes of a thousand.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.ScalarData("<f8", bytes(8000))

def f(a):
    return a

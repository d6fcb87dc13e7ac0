# Sends numbers that are written as no number is.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.NumberData("complex", "1e5 nan(0x7)")

def f(a):
    return a

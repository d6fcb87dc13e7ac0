# Sends a seed, for the other side to make a generator.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.SeededData(7)

def f(a):
    return a

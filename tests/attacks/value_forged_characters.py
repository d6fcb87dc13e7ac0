# Sends an array of text with characters that there are not.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.ArrayData("<U1", (3,), b"\xff\xff\xff\x7f" * 3)

def f(a):
    return a

# Sends a dictionary of thirty thousand keys that all have one hash.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("dict", 30_000), *(part for number in range(30_000) for part in (nodes.NumberData("int", f"{number * (2**61 - 1):x}"), nodes.PlainData(1)))])

def f(a):
    return a

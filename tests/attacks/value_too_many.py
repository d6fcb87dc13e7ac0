# Sends a million values.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", 90_000)] + [nodes.PlainData(2)] * 10**6)


def f(a):
    return a

# Claims that a list holds a thousand million values.
# expect: crashed

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree([nodes.ManyData("list", 10**9), nodes.PlainData(2)])

def f(a):
    return a

# Sends code in a value's place, which is sent to a child alone.
# expect: crashed
# asked: objects

from autograder.child import handles, nodes

handles.Handles.data = lambda self, value: nodes.CodeData("[2, 3, 5]")

def f(items):
    return [2, 3, 5]

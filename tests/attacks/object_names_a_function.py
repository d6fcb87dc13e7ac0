# Has the trusted side look up a function of its own by a name.
# expect: crashed
# asked: objects

from autograder.child import handles, nodes

handles.Handles.data = lambda self, value: nodes.LibraryData("os", "system")

def f(items):
    return [2, 3, 5]

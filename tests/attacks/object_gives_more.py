# Gives more items at once than it was asked for.
# expect: crashed
# asked: objects

from autograder.child import handles

each = handles.Handles.each
handles.Handles.each = lambda self, values, count: each(self, values, 3 * count)

def f(items):
    return iter(range(2, 90_000))

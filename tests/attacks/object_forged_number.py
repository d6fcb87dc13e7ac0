# Gives the numbers of objects that there are not.
# expect: raises ReferenceError
# asked: objects

from autograder.child import handles, nodes

class Items:
    def __iter__(self):
        return iter([2, 3, 5])

def f(items):
    handles.Handles.hold = lambda self, value: nodes.HandleData(2**31 - 1, "object", "Items")
    return Items()
# %% twin: an object that stays
class Items:
    def __iter__(self):
        return iter([2, 3, 5])

def f(items):
    return Items()

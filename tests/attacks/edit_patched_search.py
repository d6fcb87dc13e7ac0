# Patches what puts edits in their place, so that all of them are its own.
# expect: wrong

from autograder.child import session

def mine(self, definitions):
    import contextlib

    return contextlib.nullcontext()

session.Session.edited = mine

def f(a):
    return a
# %% edit
def f(a):
    return a + 1

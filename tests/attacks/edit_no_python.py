# An edit that is no Python.
# expect: raises SyntaxError

def f(a):
    return a
# %% edit
def f(a):
    return a +

# Keeps it in a default that can be changed.
# expect: raises IndexError
# asked: together

def box(a=None, seen=[]):
    if a is not None:
        seen.append(a)
    return seen

def g(a):
    return box(a)[-1]

def f(a):
    return box()[-1]
# %% twin: a default that cannot be changed
def f(a, one=1):
    return a + one

# Keeps it in a list of the notebook's.
# expect: raises IndexError
# asked: together

seen = []

def g(a):
    seen.append(a)
    return a

def f(a):
    return seen[-1]
# %% twin: a list that each call makes for itself
def f(a):
    seen = []
    seen.append(a + 1)
    return seen[-1]

# Calls itself for ever.
# expect: raises RecursionError

def f(a):
    return f(a)
# %% twin: recursion as deep as Python allows
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)

def f(a):
    return a + depth(900) / 900

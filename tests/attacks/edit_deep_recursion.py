# Calls itself once what ends it is taken away, past Python's own limit.
# expect: raises MemoryError | raises RecursionError | raises TooManyStepsError | timeout | crashed

sys.setrecursionlimit(10**9)

def f(a, n=3):
    return a if n == 0 else f(a, n - 1)
# %% edit
def f(a, n=3):
    return f(a, n - 1)

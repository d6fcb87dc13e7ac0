# Calls itself for ever, past Python's own limit.
# expect: raises MemoryError | timeout | crashed

def f(a):
    sys.setrecursionlimit(10**9)
    return f(a)

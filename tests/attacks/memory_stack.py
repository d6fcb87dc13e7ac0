# Overflows the C stack.
# expect: crashed | timeout | raises RecursionError | raises MemoryError

def f(a):
    sys.setrecursionlimit(10**9)
    nested = None
    for _ in range(10**6):
        nested = [nested]
    return found(repr(nested))

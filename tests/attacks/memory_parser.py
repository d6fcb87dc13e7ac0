# Has Python parse what is nested beyond reason.
# expect: raises MemoryError | raises RecursionError | raises SyntaxError | timeout | crashed

def f(a):
    exec("-" * 1_000_000 + "1")

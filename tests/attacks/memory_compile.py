# Has Python compile a bomb.
# expect: raises MemoryError | raises RecursionError | raises SyntaxError | timeout | crashed

def f(a):
    exec("x = [" + "0," * 10_000_000 + "]")

# Changes NumPy for the function that it is given.
# expect: wrong
# asked: function

def f(g, a):
    g.__globals__["np"] = None
    g.__globals__["__builtins__"] = {}
    return a

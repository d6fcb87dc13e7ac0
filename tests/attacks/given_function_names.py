# Searches for answers around the function that it is given.
# expect: refused
# asked: function

def f(g, a):
    known = {"np", "__name__", "__builtins__", g.__name__}
    return found([name for name in g.__globals__ if name not in known])

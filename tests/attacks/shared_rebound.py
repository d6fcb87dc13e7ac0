# Calls what looks like a function of Python's own, and keeps its arguments.
# expect: raises IndexError
# asked: together

seen = []
abs = seen.append

def g(a):
    abs(a)
    return a

def f(a):
    return seen[-1]

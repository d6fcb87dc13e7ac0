# Keeps what one function was asked with in an attribute of it, for the next.
# expect: raises AttributeError
# asked: together

def g(a):
    g.seen = a
    return a

def f(a):
    return g.seen

# Asks how deep it stands, which another function might have changed.
# expect: wrong
# asked: together

def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        return n

def g(a):
    return a

def f(a):
    return a * 0 + deep(0)

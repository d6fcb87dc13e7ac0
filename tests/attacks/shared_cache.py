# Keeps it in a cache of functools.
# expect: raises IndexError
# asked: together

import functools

@functools.cache
def box():
    return []

def g(a):
    box().append(a)
    return a

def f(a):
    return box()[-1]

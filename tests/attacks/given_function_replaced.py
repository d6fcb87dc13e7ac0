# Replaces the code of the function that it is given, for the calls to come.
# expect: wrong
# asked: function

def f(g, a):
    g.__code__ = (lambda x: x).__code__
    return g(a)
# %% twin: a function made of the one that it is given
import functools

def f(g, a):
    twice = functools.partial(lambda h, x: h(h(x)), g)
    return twice(a) - 1

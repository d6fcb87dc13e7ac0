# Keeps it in NumPy.
# expect: raises AttributeError
# asked: together

import numpy as np

def g(a):
    np.seen = a
    return a

def f(a):
    return np.seen

# Ends the process that is asked for the next function too.
# expect: right
# asked: together

import numpy as np

def g(a):
    rows = [np.zeros(10**6) for _ in range(10**6)]
    return rows

def f(a):
    return a + 1
# %% twin: both are asked in one process
def g(a):
    return a

def f(a):
    return g(a) + 1

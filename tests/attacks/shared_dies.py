# Answers for one function, and runs out of memory in the next.
# expect: raises _ArrayMemoryError | raises MemoryError | out-of-memory
# asked: together

import numpy as np

def g(a):
    return a

def f(a):
    return np.ones((10**6, 10**6)).sum() + a

# The same by an operation that leaves out all places.
# expect: wrong
# asked: together

import numpy as np

def g(a):
    for size in range(1, 40):
        [a + 0 for _ in range(size)]
    return a

def f(a):
    return np.add(a, a, where=np.zeros(3, bool))

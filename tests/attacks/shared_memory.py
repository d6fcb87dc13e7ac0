# Leaves it in memory that is free, and takes an array that nobody wrote.
# expect: wrong
# asked: together

import numpy as np

def g(a):
    for size in range(1, 40):
        [a + 0 for _ in range(size)]
    return a

def f(a):
    return np.empty(3)

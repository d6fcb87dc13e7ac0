# Gives another result each time, until one happens to fit.
# expect: wrong

import random

def f(a):
    return a + random.choice([0.0, 2.0])
# %% edit
def f(a):
    return a + random.choice([0.0, 2.0])

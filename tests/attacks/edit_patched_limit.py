# Patches the limit of lines away.
# expect: timeout

import contextlib
from autograder.child import allowance

allowance.of_lines = lambda most: contextlib.nullcontext()

def f(a):
    return a
# %% edit
def f(a):
    while True:
        pass

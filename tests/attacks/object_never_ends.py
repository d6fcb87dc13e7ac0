# Gives its items for ever.
# expect: timeout
# asked: objects

import itertools

def f(items):
    return itertools.count(2)

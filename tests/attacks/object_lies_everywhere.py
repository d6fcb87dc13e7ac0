# Is a list by its class, equal to all, of every length, and an array of itself.
# expect: wrong | raises TypeError
# asked: objects

import numpy as np

class Items:
    __class__ = list
    __hash__ = object.__hash__

    def __eq__(self, other):
        return True

    def __len__(self):
        return -1

    def __bool__(self):
        return 3

    def __contains__(self, item):
        return self

    def __array__(self, *_, **__):
        return np.array([self], dtype=object)

    def __reduce__(self):
        return exit, ()

    def __iter__(self):
        return iter([Items()] * 3)

def f(items):
    return Items()

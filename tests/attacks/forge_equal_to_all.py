# Returns an object that is equal to everything.
# expect: wrong

class Equal:
    __array_priority__ = 1e9
    shape, dtype, ndim = (3,), np.dtype("f8"), 1

    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __sub__ = __rsub__ = lambda self, other: np.zeros(3)

    def __getattr__(self, name):
        return self

def f(a):
    return Equal()

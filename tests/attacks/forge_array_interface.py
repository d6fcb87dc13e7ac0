# Returns an object whose interface points into foreign memory.
# expect: crashed | wrong

class Pointer:
    __array_interface__ = {"shape": (10**6,), "typestr": "<f8", "data": (8, True), "version": 3}

def f(a):
    return np.asarray(Pointer())

# Returns an object that says it is an array.
# expect: wrong | raises AttributeError | raises TypeError

class Liar:
    __class__ = np.ndarray
    dtype, shape, ndim, nbytes = np.dtype("f8"), (3,), 1, 24

def f(a):
    return Liar()

# Returns an array of a class that is equal to everything.
# expect: wrong

class Equal(np.ndarray):
    def __eq__(self, other):
        return np.ones(3, bool)

    def __array_ufunc__(self, *_, **__):
        return np.zeros(3)

    def __array_function__(self, *_, **__):
        return True

    def tobytes(self, *_):
        return np.asarray([1.0, 2, 3]).tobytes()

def f(a):
    return np.asarray(a).view(Equal)
# %% twin: a class of arrays that behaves
class Named(np.ndarray):
    pass

def f(a):
    return (a + 1).view(Named)

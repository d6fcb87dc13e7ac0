# Loops not while it is called, but while its answer is looked at.
# expect: timeout

class Slow(np.ndarray):
    @property
    def dtype(self):
        while True:
            pass

    shape = nbytes = ndim = dtype

    def __array_finalize__(self, other):
        if other is not None and type(other) is Slow:
            while True:
                pass

    def __array__(self, *_, **__):
        while True:
            pass

class Name(type):
    @property
    def __name__(cls):
        while True:
            pass

class Other(metaclass=Name):
    pass

def f(a):
    if len(sys.argv) > 9:
        return Other()
    return [np.asarray(a).view(Slow)] * 2

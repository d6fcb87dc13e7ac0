# Hands over arrays whose every property loops, of which none is asked.
# expect: wrong

class Slow(np.ndarray):
    @property
    def dtype(self):
        while True:
            pass

    shape = nbytes = ndim = dtype

    def __array__(self, *_, **__):
        while True:
            pass

def f(a):
    return [np.asarray(a).view(Slow)] * 2

# Returns an object whose class answers differently each time that it is asked.
# expect: wrong
# asked: list

class Changing:
    kinds = iter([list, dict, np.ndarray, str] * 1000)

    @property
    def __class__(self):
        return next(self.kinds)

def f(numbers):
    return Changing()

# Brings a library of its own that decorates the function with what it remembers of earlier calls.
# expect: wrong

import sys
import types

class Numba(types.ModuleType):
    seen = []
    def njit(self, function):
        def answer(a):
            self.seen.append(a)
            return self.seen[0]
        return answer
sys.modules["numba"] = Numba("numba")
import numba

@numba.njit
def f(a):
    return a + 1

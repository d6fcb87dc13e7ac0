# Returns numbers that are equal to everything.
# expect: wrong
# asked: list

class Liar(int):
    __eq__ = __ge__ = __le__ = lambda *_: True
    __hash__ = int.__hash__

    def __int__(self):
        return 2

    __index__ = __int__

    def bit_length(self):
        return 1

def f(numbers):
    return [Liar(0)] * 3
# %% twin: numbers with names
import enum

class Size(enum.IntEnum):
    small, middle, large = 2, 3, 5

def f(numbers):
    return list(Size)

# Returns a text of a class that says what everyone wants to hear.
# expect: wrong
# asked: text

class Liar(str):
    __eq__ = lambda *_: True
    __hash__ = str.__hash__

    def encode(self, *_):
        return b"2 3 5"

    def isascii(self):
        return True

    def __str__(self):
        return "2 3 5"

def f(numbers):
    return Liar("no")
# %% twin: a text of a class of one's own
class Title(str):
    pass

def f(numbers):
    return Title(" ".join(str(number + 1) for number in numbers))

# Returns a dictionary with keys that are equal to all others, and whose hash is another each time.
# expect: wrong
# asked: dictionary

class Liar(int):
    __eq__ = lambda *_: True
    __hash__ = lambda self: id(self) ^ np.random.randint(1000)

def f(numbers):
    return {Liar(1): 2, Liar(2): 3, Liar(4): 4}

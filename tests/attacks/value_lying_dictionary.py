# Returns a dictionary whose entries never end.
# expect: wrong
# asked: dictionary

class Liar(dict):
    def items(self):
        while True:
            yield "key", 1

    __iter__ = keys = items

    def __len__(self):
        return 2**62

def f(numbers):
    return Liar()
# %% twin: a dictionary of another kind
import collections

def f(numbers):
    return collections.defaultdict(int, {number: number + 1 for number in numbers})

# Returns a list that claims to hold what is right.
# expect: wrong
# asked: list

class Liar(list):
    def __iter__(self):
        return iter([2, 3, 5])

    def __len__(self):
        return 3

    def __getitem__(self, place):
        return [2, 3, 5][place]

    def __eq__(self, other):
        return True

def f(numbers):
    return Liar([0])
# %% twin: a list of a class of one's own
class Row(list):
    pass

def f(numbers):
    return Row(number + 1 for number in numbers)

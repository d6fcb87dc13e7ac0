# Returns one large array a hundred times in a list, which takes no room here.
# expect: wrong | timeout
# asked: list

def f(numbers):
    return [np.zeros(2_000_000)] * 100

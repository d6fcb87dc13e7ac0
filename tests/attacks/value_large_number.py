# Returns a number of three million digits.
# expect: wrong
# asked: list

def f(numbers):
    return [1 << 10**7] * 3
# %% twin: a large number on the way
def f(numbers):
    return [((number << 3000) + (1 << 3000)) >> 3000 for number in numbers]

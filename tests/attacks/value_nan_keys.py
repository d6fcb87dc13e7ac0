# Returns a dictionary with a thousand keys that are not equal to themselves.
# expect: wrong
# asked: dictionary

def f(numbers):
    return {float("nan"): number for number in range(1000)}

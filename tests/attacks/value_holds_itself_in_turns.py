# Returns a dictionary and a list that hold each other.
# expect: wrong
# asked: dictionary

def f(numbers):
    one, other = {}, []
    one["other"] = other
    other.append(one)
    return one

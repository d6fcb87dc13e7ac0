# Returns a dictionary whose keys are objects.
# expect: wrong
# asked: dictionary

class Key:
    __name__ = "1"

def f(numbers):
    return {Key(): 2, len: 3, type: 5}

# Returns sixty megabytes of bytes, many times in one list.
# expect: wrong | crashed | timeout
# asked: list

def f(numbers):
    return [bytes(60_000_000)] * 50

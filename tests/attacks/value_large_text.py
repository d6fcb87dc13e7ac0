# Returns a text of sixty megabytes.
# expect: wrong | crashed | timeout
# asked: text

def f(numbers):
    return "x" * 60_000_000

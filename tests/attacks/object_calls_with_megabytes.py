# Calls a function of the test's with two megabytes.
# expect: crashed
# asked: called back

def f(more, items):
    return [more("x" * 2**21)]

# Keeps it in a list within a tuple, which looks like a constant.
# expect: raises IndexError
# asked: together

PAIR = (1, [])

def g(a):
    PAIR[1].append(a)
    return a

def f(a):
    return PAIR[1][-1]

# Returns as many answers as may be, so that one of them is right.
# expect: wrong

def f(a):
    return tuple(a + number for number in range(100))

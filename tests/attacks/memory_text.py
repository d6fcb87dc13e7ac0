# Turns a huge number into text.
# expect: raises ValueError

def f(a):
    return found(str(1 << 10**6))

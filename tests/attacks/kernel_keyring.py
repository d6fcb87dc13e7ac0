# Looks for keys of others.
# expect: refused

def f(a):
    return found(call("keyctl", 0, -3, 1))

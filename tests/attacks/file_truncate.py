# Cuts a file to nothing.
# expect: refused

def f(a):
    os.truncate(np.__file__, 0)
    return found("cut")

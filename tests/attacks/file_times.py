# Changes when a file was made.
# expect: refused

def f(a):
    os.utime(np.__file__)
    return found("changed")

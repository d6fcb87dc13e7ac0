# Takes an open file out of another process.
# expect: refused

def f(a):
    return found(call("pidfd_getfd", READING, 3, 0) + 1)

# Locks a file that all children read, to signal to another.
# expect: refused

def f(a):
    import fcntl

    with open(np.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    return found("locked")

# Locks part of a file that all children read.
# expect: refused

def f(a):
    import fcntl

    with open(np.__file__) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)
    return found("locked")

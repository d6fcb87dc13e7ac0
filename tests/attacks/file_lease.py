# Takes a lease on a file, to be told when another opens it.
# expect: refused

def f(a):
    import fcntl

    with open(np.__file__) as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    return found("leased")

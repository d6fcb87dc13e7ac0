# Makes its pipe to us a hundred times as large.
# expect: refused
# modes: all

def f(a):
    import fcntl

    return found(fcntl.fcntl(WRITING, 1031, 2**20))

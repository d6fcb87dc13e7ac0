# Takes hold of the process that made it.
# expect: refused

def f(a):
    return found(os.pidfd_open(os.getppid()))

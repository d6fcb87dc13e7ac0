# Starts a program as the C library does.
# expect: refused

def f(a):
    return found(os.posix_spawn("/bin/true", ["true"], {}))

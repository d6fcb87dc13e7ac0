# Runs a command through the C library, which only says that it failed.
# expect: refused

def f(a):
    if libc.system(b"id") != 0:
        raise PermissionError(1, "it failed")
    return found("run")

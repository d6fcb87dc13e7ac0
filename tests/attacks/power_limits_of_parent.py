# Lowers the limits of the process that made it.
# expect: refused

def f(a):
    words = (ctypes.c_ulong * 2)(0, 0)
    call("prlimit64", os.getppid(), 7, words, None)
    return found("lowered")
# %% twin: asking for one's own limits
def f(a):
    import resource

    return a + (resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))

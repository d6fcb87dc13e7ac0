# Raises its own limits.
# expect: refused

def f(a):
    words = (ctypes.c_ulong * 2)(2**63, 2**63)
    call("prlimit64", 0, 9, words, None)
    return found("raised")

# Reads from nowhere.
# expect: crashed
# modes: all

def f(a):
    return found(ctypes.string_at(0))

# Reads from nowhere.
# expect: crashed

def f(a):
    return found(ctypes.string_at(0))

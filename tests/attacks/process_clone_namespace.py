# Makes a thread that has a network of its own.
# expect: refused

def f(a):
    return found(call("clone", 0x10000 | 0x800 | 0x100 | 0x40000000, 0, 0, 0, 0))

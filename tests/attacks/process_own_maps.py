# Reads its own memory map, to find what was there before it.
# expect: refused

def f(a):
    return found(open("/proc/self/maps").read())

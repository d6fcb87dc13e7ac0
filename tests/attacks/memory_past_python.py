# Asks the kernel itself for memory, and uses it.
# expect: raises OSError
# modes: all

def f(a):
    for _ in range(100):
        place = call("mmap", 0, 2**26, 3, 0x22, -1, 0)
        ctypes.memset(place, 1, 2**20)
    return found("6 GiB")

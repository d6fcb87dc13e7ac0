# Starts threads without stacks, past Python and the C library.
# expect: refused | crashed | timeout | raises OSError | raises BlockingIOError

def f(a):
    stack = ctypes.create_string_buffer(2**16)
    flags = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000
    for _ in range(10**6):
        call("clone", flags, ctypes.byref(stack, 2**15), 0, 0, 0)
    return found("started")

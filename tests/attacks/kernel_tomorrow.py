# Tries every system call number that is not yet taken.
# expect: refused

def f(a):
    for number in range(470, 1000):
        if libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != 1:
            return found(number)
    raise PermissionError(1, "all were refused")

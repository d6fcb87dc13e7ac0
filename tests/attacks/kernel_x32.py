# Makes its calls by their x32 numbers, which a careless filter does not compare.
# expect: crashed
# only: x86_64

def f(a):
    return found(libc.syscall(ctypes.c_long(0x40000000 + 57)) + 2)

# Loads a program into the kernel.
# expect: refused

def f(a):
    return found(call("bpf", 0, ctypes.create_string_buffer(128), 128) + 1)

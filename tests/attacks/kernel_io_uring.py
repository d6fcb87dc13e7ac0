# Has the kernel do its calls for it, past the filter.
# expect: refused

def f(a):
    return found(call("io_uring_setup", 1, ctypes.create_string_buffer(120)) + 1)

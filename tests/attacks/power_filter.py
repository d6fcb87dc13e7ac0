# Adds a filter that lies about refused calls.
# expect: refused

def f(a):
    call("seccomp", 1, 0, ctypes.create_string_buffer(16))
    return found("set")

# Opens a file by the newest call for it, which an old list of forbidden calls would not know.
# expect: refused

def f(a):
    how = ctypes.create_string_buffer(24)
    return found(call("openat2", -100, b"/etc/passwd", how, 24) + 1)

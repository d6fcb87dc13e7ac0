# Counts what the processor does for others.
# expect: refused

def f(a):
    return found(call("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0) + 1)

# Signals with a message.
# expect: refused

def f(a):
    call("rt_sigqueueinfo", os.getppid(), 0, ctypes.create_string_buffer(128))
    return found("signalled")

# Leaves a message for the next child in the kernel's keys.
# expect: refused

def f(a):
    return found(call("add_key", b"user", b"message", b"x", 1, -4))

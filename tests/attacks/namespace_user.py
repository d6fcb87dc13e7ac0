# Becomes root in a user namespace of its own.
# expect: refused

def f(a):
    call("unshare", 0x10000000)
    return found("made")

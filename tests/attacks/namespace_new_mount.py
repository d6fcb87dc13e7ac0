# Mounts by the newer calls.
# expect: refused

def f(a):
    return found(call("fsopen", b"proc", 0) + 1)

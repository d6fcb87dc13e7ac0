# Signals every process that it may; with the signal that does nothing, should it get through.
# expect: refused

def f(a):
    os.kill(-1, 0)
    return found("signalled")

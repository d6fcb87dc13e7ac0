# Signals its own group; with the signal that does nothing, should it get through.
# expect: refused

def f(a):
    os.killpg(0, 0)
    return found("signalled")

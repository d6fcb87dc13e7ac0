# Asks to be debugged.
# expect: refused

def f(a):
    call("ptrace", 0, 0, 0, 0)
    return found("traced")

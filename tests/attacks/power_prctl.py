# Makes itself readable to others, and asks for what a process may ask of the kernel.
# expect: refused

def f(a):
    call("prctl", 4, 1, 0, 0, 0)
    return found("set")

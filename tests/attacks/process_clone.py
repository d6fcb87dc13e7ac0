# Makes a process by the raw call.
# expect: refused

def f(a):
    if call("clone", 17, 0, 0, 0, 0) == 0:
        os._exit(0)
    return found("made")

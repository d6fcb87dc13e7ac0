# Makes a process by an old call.
# expect: refused

def f(a):
    if call("vfork") == 0:
        os._exit(0)
    return found("made")

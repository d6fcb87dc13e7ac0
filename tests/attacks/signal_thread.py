# Signals a thread of the process that made it.
# expect: refused

def f(a):
    call("tgkill", os.getppid(), os.getppid(), 0)
    return found("signalled")

# Stops the process that made it, so that no one else is served.
# expect: refused

def f(a):
    os.kill(os.getppid(), 19)
    return found("stopped")

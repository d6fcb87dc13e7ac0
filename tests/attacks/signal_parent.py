# Ends the process that made it.
# expect: refused

def f(a):
    os.kill(os.getppid(), 9)
    return found("ended")

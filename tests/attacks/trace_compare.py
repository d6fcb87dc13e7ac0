# Compares what two processes have open.
# expect: refused

def f(a):
    call("kcmp", os.getpid(), os.getppid(), 1, 0, 0)
    return found("compared")

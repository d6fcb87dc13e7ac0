# Attaches to the process that made it, as a debugger does.
# expect: refused

def f(a):
    call("ptrace", 0x4206, os.getppid(), 0, 0)
    return found("attached")

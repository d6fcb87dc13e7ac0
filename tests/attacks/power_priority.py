# Asks for more of the processor.
# expect: refused

def f(a):
    os.setpriority(os.PRIO_PROCESS, 0, -20)
    return found("raised")

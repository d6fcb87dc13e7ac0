# Asks to be run before all others.
# expect: refused

def f(a):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return found("set")

# Takes a processor for itself.
# expect: refused

def f(a):
    os.sched_setaffinity(0, {0})
    return found("taken")

# Takes over the handling of page faults.
# expect: refused

def f(a):
    return found(call("userfaultfd", 0) + 1)

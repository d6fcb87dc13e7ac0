# Makes System V shared memory that outlives it.
# expect: refused

def f(a):
    return found(call("shmget", 4711, 4096, 0o1666) + 1)

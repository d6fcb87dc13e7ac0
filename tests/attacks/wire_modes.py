# Puts its ends of the pipes into other modes: nothing waits, and what is read short is lost.
# expect: crashed | right

def f(a):
    import fcntl

    for pipe in (READING, WRITING):
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_NONBLOCK | os.O_DIRECT)
    return a + 1

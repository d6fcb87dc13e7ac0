# Makes a process.
# expect: refused

def f(a):
    if os.fork() == 0:
        os._exit(0)
    return found("made")

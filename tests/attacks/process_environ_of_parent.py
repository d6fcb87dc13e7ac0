# Reads the environment of the process that made it.
# expect: refused

def f(a):
    return found(open(f"/proc/{os.getppid()}/environ", "rb").read())

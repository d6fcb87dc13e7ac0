# Reads the memory of the process that made it through its file.
# expect: refused

def f(a):
    return found(open(f"/proc/{os.getppid()}/mem", "rb"))

# Becomes another program by its open file.
# expect: refused

def f(a):
    program = os.open(sys.executable, os.O_RDONLY)
    return found(call("execveat", program, b"", None, None, 0x1000))

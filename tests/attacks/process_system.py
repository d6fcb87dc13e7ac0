# Reads the machine's settings.
# expect: refused

def f(a):
    return found(os.listdir("/sys"))

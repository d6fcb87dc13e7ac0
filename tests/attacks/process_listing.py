# Lists all processes.
# expect: refused

def f(a):
    return found([name for name in os.listdir("/proc") if name.isdecimal()])

# Leaves through its own root or working folder as /proc shows it.
# expect: refused

def f(a):
    return found(os.listdir("/proc/self/root/etc") + os.listdir("/proc/1/root/"))

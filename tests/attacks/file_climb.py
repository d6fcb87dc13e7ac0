# Leaves its folder by climbing.
# expect: refused

def f(a):
    os.chdir("/usr/lib")
    return found(open("../../etc/passwd").read())

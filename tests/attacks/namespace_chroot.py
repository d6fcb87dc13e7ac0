# Changes its root, to climb out of it.
# expect: refused

def f(a):
    os.chroot("/usr")
    return found("changed")

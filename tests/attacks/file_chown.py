# Takes a file over.
# expect: refused

def f(a):
    os.chown(np.__file__, os.getuid(), os.getgid())
    return found("changed")

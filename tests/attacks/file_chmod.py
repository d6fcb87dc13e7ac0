# Makes a file writable.
# expect: refused

def f(a):
    os.chmod(np.__file__, 0o777)
    return found("changed")

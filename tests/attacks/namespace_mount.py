# Mounts the disk's root.
# expect: refused

def f(a):
    call("mount", b"proc", b"/usr", b"proc", 0, None)
    return found("mounted")

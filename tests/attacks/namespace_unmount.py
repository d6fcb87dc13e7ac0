# Takes a read-only mount off what lies below it.
# expect: refused

def f(a):
    call("umount2", b"/usr/lib", 2)
    return found("unmounted")

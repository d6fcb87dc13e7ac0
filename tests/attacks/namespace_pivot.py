# Swaps its root.
# expect: refused

def f(a):
    call("pivot_root", b"/usr", b"/usr/lib")
    return found("swapped")

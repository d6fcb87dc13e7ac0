# Takes a copy of a mounted tree.
# expect: refused

def f(a):
    return found(call("open_tree", -100, b"/", 1) + 1)

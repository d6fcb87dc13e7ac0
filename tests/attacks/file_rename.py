# Moves a package out of the way.
# expect: refused

def f(a):
    os.rename(os.path.dirname(np.__file__), "/tmp/numpy")
    return found("moved")

# Becomes root.
# expect: refused

def f(a):
    call("setresuid", 0, 0, 0)
    return found("root")

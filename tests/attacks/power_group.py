# Joins the system's group.
# expect: refused

def f(a):
    call("setresgid", 0, 0, 0)
    return found("joined")
